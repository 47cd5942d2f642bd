using System.Diagnostics;
using System.Text.Json.Nodes;
using Vprox.Lab.Namespaces;
using Vprox.Lab.Topology;

namespace Vprox.Lab.Probes;

/// <summary>What a host's kernel holds, in the words of ip, wg and nft: everything that stays the same while traffic flows. A line per thing.</summary>
public sealed class KernelPicture
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(500);

    private readonly IReadOnlyList<string> _lines;

    private KernelPicture(IReadOnlyList<string> lines) => _lines = lines;

    public static async Task<KernelPicture> TakeAsync(LabHost host) => new(
    [
        .. await JsonAsync(host, "rule"),
        .. await JsonAsync(host, "route", "show", "table", "all"),
        // Interface numbers are part of it: an adopted interface keeps its own.
        .. await JsonAsync(host, "link"),
        .. await JsonAsync(host, "address"),
        .. (await PeersAsync(host)).Split('\n'),
        .. (await host.ExecuteAsync("nft", "--stateless", "list", "ruleset")).Split('\n'),
    ]);

    /// <summary>Waits until nothing changes any more, such as the interface that a worker makes for its next tunnel.</summary>
    public static Task<KernelPicture> AtRestAsync(LabHost host) => VproxLab.WaitForAsync(
        $"{host.Name} at rest",
        async () =>
        {
            var one = await TakeAsync(host);
            await Task.Delay(Rest);
            return (await TakeAsync(host)).ChangesSince(one).Count == 0 ? one : null;
        },
        TimeSpan.FromSeconds(30));

    /// <summary>Lines that came and went since an earlier picture, doubled ones too; nothing when both are the same.</summary>
    public IReadOnlyList<string> ChangesSince(KernelPicture earlier) =>
        [.. Beyond(_lines, earlier._lines).Select(line => $"+ {line}"), .. Beyond(earlier._lines, _lines).Select(line => $"- {line}")];

    /// <summary>Rules of ours (protocol 86).</summary>
    public static async Task<int> OurRulesAsync(LabHost host) =>
        JsonNode.Parse(await host.ExecuteAsync("ip", "-json", "-details", "rule"))!.AsArray().Count(rule => rule!["protocol"]?.ToString() == "86");

    /// <summary>Names of the links that are up and begin with a prefix: one that a worker keeps for its next tunnel is down.</summary>
    public static IReadOnlyList<string> LinksOf(LabHost host, string prefix) =>
        [.. host.Route.Links().Where(link => link.IsUp).Select(link => link.Name).Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Beyond(IReadOnlyList<string> lines, IReadOnlyList<string> others)
    {
        var counts = others.CountBy(line => line).ToDictionary();
        foreach (var line in lines)
            if (counts.TryGetValue(line, out var left) && left > 0)
                counts[line] = left - 1;
            else
                yield return line;
    }

    private static async Task<IEnumerable<string>> JsonAsync(LabHost host, params string[] what) =>
        JsonNode.Parse(await host.ExecuteAsync("ip", ["-json", .. what]))!.AsArray().Select(element => $"{what[0]} {element!.ToJsonString()}");

    /// <summary>All that a person looks at who seeks a lost packet, counts and connections too: addresses, rules, routes, peers, nft, conntrack.</summary>
    public static Task<string> TextAsync(LabHost host) => ShellAsync(host, $"""
        ip -s link; ip -4 address; ip rule; ip -4 route show table all
        {EachTunnel("wg show \"$i\"")}
        nft list ruleset
        conntrack -L
        """);

    // What wg calls a configuration leaves out counts and times.
    private static Task<string> PeersAsync(LabHost host) => ShellAsync(host, EachTunnel("wg showconf \"$i\" | sed \"s/^/$i /\""));

    private static string EachTunnel(string command) =>
        $"for i in $(ls /sys/class/net /run/wireguard 2>/dev/null | sed -n 's/\\.sock$//;/^v[pw][0-9]*$/p' | sort -u); do {command}; done";

    // wireguard-go's sockets are in the host's own /run.
    private static async Task<string> ShellAsync(LabHost host, string script)
    {
        var start = new ProcessStartInfo("sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        using var process = host.Namespace.Start(start, new BindMount(Path.Combine(host.Directory, "run"), "/run"));
        var error = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return text + await error;
    }
}
