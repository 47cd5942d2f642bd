using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Vprox.Lab.Topology;

namespace Vprox.Lab.Probes;

/// <summary>
/// Counts packets that arrive at the internet's server from a source other than the expected ones, and any from a private address. Meant for
/// a time in which everybody who talks to it should come from a static address.
/// </summary>
public sealed class ServerWatch : IDisposable
{
    private const string Table = "server_watch";
    private const string Set = "unexpected";

    private readonly LabHost _internet;

    private ServerWatch(LabHost internet, IReadOnlyList<IPAddress> expected)
    {
        _internet = internet;
        var known = expected.Count == 0 ? "" : $"ip saddr {{ {string.Join(", ", expected)} }} accept";
        internet.Nft.Run($$"""
            table ip {{Table}} {
              set {{Set}} { type ipv4_addr; flags dynamic; size 4096; }
              chain input {
                type filter hook prerouting priority raw - 20; policy accept;
                ip daddr != {{LabPlan.InternetServer}} accept
                {{known}}
                update @{{Set}} { ip saddr counter }
              }
            }
            """);
    }

    /// <summary>Begins to count, at zero.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="expected">Who may talk to the server.</param>
    public static ServerWatch Start(VproxLab lab, params IReadOnlyList<IPAddress> expected) => new(lab.Internet, expected);

    /// <summary>Packets by unexpected source.</summary>
    public IReadOnlyDictionary<IPAddress, long> Unexpected => _internet.Nft.Json($"list set ip {Table} {Set}")
        .Select(element => element["set"]).OfType<JsonObject>()
        .SelectMany(set => set["elem"]?.AsArray() ?? [])
        .Select(element => element!["elem"]!)
        .ToDictionary(
            element => IPAddress.Parse(element["val"]!.GetValue<string>()),
            element => long.Parse(element["counter"]!["packets"]!.ToString(), CultureInfo.InvariantCulture));

    /// <summary>Packets from all of them.</summary>
    public long UnexpectedPackets => Unexpected.Values.Sum();

    /// <summary>Begins again at zero.</summary>
    public void Reset() => _internet.Nft.Run($"flush set ip {Table} {Set}");

    public void Dispose() => _internet.Nft.Run($"delete table ip {Table}");
}
