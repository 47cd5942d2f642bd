using System.Text.RegularExpressions;
using Vprox.Addressing;
using Vprox.Bus.Hosting;
using Vprox.WireGuard;

namespace Vprox.NodeAgent;

/// <summary>Section NodeAgent.</summary>
public sealed partial class NodeAgentOptions : IValidatedOptions
{
    /// <summary>The node's name; null takes its EC2 instance id from IMDS.</summary>
    public string? NodeId { get; set; }

    /// <summary>Where IMDS answers.</summary>
    public string MetadataUrl { get; set; } = "http://169.254.169.254";

    /// <summary>Holds, in a folder of the node's own, its journal and its sealing key.</summary>
    public string StateDirectory { get; set; } = "/var/lib/vprox/node";

    /// <summary>Where /connect answers on every address of the node.</summary>
    public int HttpsPort { get; set; } = 443;

    /// <summary>Auto, Kernel or Userspace.</summary>
    public WireGuardBackend WireGuard { get; set; }

    /// <summary>Between two heartbeats.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Between two readings of IMDS.</summary>
    public TimeSpan MetadataPollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Between two comparisons of the kernel with what it shall be. Each looks at all that the kernel says has changed; at each interface's peers within
    /// 4 s, or every time when this is longer.
    /// </summary>
    public TimeSpan ReconcileInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Rounds in which every interface's peers are read once: a change by hand is put right within 5 s.</summary>
    public int ReadsPeersIn() => Math.Max(1, (int)(TimeSpan.FromSeconds(4) / ReconcileInterval));

    /// <summary>Between two snapshots from the Allocator; NodeJoined and StaticIpServing are said again as often.</summary>
    public TimeSpan SnapshotInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A peer without a handshake for this long is removed.</summary>
    public TimeSpan IdlePeerAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Secondary private addresses that one ENI can hold: the instance type's IPv4 addresses per interface minus one.</summary>
    public int SecondaryCapacity { get; set; } = 29;

    /// <summary>What the instance's link carries each way, in Mbit/s; null when it is not known: then ceilings hold, and guarantees only as far as ceilings leave room.</summary>
    public int? LinkMbps { get; set; }

    /// <summary>
    /// Connections that the node shall carry at once (net.netfilter.nf_conntrack_max, which is raised to it and never lowered). The kernel takes about
    /// 320 bytes for each that there is.
    /// </summary>
    public long Connections { get; set; } = 1_048_576;

    /// <summary>
    /// Destinations that tunnels can't reach, in CIDR notation. Setting any replaces all of <see cref="DefaultDeniedDestinations"/>.
    /// </summary>
    public string[] DeniedDestinations { get; set; } = [];

    /// <summary>What is not the public internet (RFC 6890): own, private, shared, link-local, test, multicast and reserved networks.</summary>
    public static IReadOnlyList<string> DefaultDeniedDestinations { get; } =
    [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
    ];

    /// <summary>The destinations in force.</summary>
    public IReadOnlyList<Ipv4Prefix> DeniedPrefixes() =>
        [.. (DeniedDestinations.Length > 0 ? DeniedDestinations : DefaultDeniedDestinations).Select(Ipv4Prefix.Parse)];

    /// <inheritdoc/>
    public IEnumerable<string> Errors()
    {
        if (NodeId is not null && !NodeIdForm().IsMatch(NodeId))
            yield return $"NodeId: '{NodeId}' is not 1 to 64 letters, digits, '-', '_' or '.'";
        if (!Uri.TryCreate(MetadataUrl, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp || url.PathAndQuery != "/")
            yield return $"MetadataUrl: '{MetadataUrl}' is not of the form http://ADDRESS:PORT";
        if (!Path.IsPathRooted(StateDirectory))
            yield return $"StateDirectory: '{StateDirectory}' is not an absolute path";
        if (HttpsPort is < 1 or > 65535)
            yield return $"HttpsPort: {HttpsPort} is not a TCP port";
        if (SecondaryCapacity is < 1 or > 49)
            yield return $"SecondaryCapacity: {SecondaryCapacity} is outside 1..49";
        if (Connections is < 1024 or > 1 << 28)
            yield return $"Connections: {Connections} is outside 1024..{1 << 28}";
        if (LinkMbps is < 1 or > 1_000_000)
            yield return $"LinkMbps: {LinkMbps} is outside 1..1000000";
        foreach (var (name, value) in Intervals())
        {
            if (value < TimeSpan.FromMilliseconds(50) || value > TimeSpan.FromHours(1))
                yield return $"{name}: {value} is outside 00:00:00.050..01:00:00";
        }
        foreach (var destination in (DeniedDestinations ?? []).Where(text => !Ipv4Prefix.TryParse(text, out _)))
            yield return $"DeniedDestinations: '{destination}' is not an IPv4 prefix such as 10.0.0.0/8 (host bits must be zero)";
    }

    private IEnumerable<(string Name, TimeSpan Value)> Intervals() =>
    [
        (nameof(HeartbeatInterval), HeartbeatInterval), (nameof(MetadataPollInterval), MetadataPollInterval),
        (nameof(ReconcileInterval), ReconcileInterval), (nameof(SnapshotInterval), SnapshotInterval), (nameof(IdlePeerAfter), IdlePeerAfter),
    ];

    [GeneratedRegex("^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$")]
    private static partial Regex NodeIdForm();
}
