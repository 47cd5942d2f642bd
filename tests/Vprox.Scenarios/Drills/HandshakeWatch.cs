using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Vprox.Lab.Topology;
using Vprox.WireGuard;

namespace Vprox.Scenarios.Drills;

/// <summary>
/// Reads from the interfaces of an address's new node when the first handshake after the fault happened. WireGuard keeps only the time of
/// the last one, to the nanosecond: hence a look every 10 ms until there is one.
/// </summary>
internal sealed class HandshakeWatch(VproxLab lab, BusSpy bus, IReadOnlyList<string> addresses, FaultMoment fault)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _first = new();

    /// <summary>By static address, of those of the traffic that moved since the fault.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> First => _first;

    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            // The newest placement of each counts.
            foreach (var placed in bus.Since(fault, "vprox.static-ip-placed").GroupBy(placed => placed.Text("address")!).Select(each => each.MaxBy(placed => placed.Number("generation"))!))
            {
                var address = placed.Text("address")!;
                if (!addresses.Contains(address) || _first.ContainsKey(address) || lab.Nodes.FirstOrDefault(node => node.InstanceId == placed.Text("nodeId")) is not { } node)
                    continue;
                if (await LatestAsync(node, $"vp{placed.Number("listenPort")}", cancel) is { } latest && latest > fault.At)
                    _first.TryAdd(address, latest);
            }
            await Task.Delay(Interval, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<DateTimeOffset?> LatestAsync(LabNode node, string name, CancellationToken cancel)
    {
        var socket = Path.Combine(node.Directory, "run", "wireguard", $"{name}.sock");
        return File.Exists(socket) ? await LatestOfUserspaceAsync(socket, cancel) : await LatestOfKernelAsync(node, name, cancel);
    }

    private static async Task<DateTimeOffset?> LatestOfKernelAsync(LabNode node, string name, CancellationToken cancel)
    {
        try
        {
            using var client = node.Namespace.Run(() => WireGuardClient.Open(WireGuardBackend.Kernel));
            return (await client.GetAsync(name, cancel))?.Peers.Max(peer => peer.LastHandshake);
        }
        catch (WireGuardException)
        {
            // The kernel has none, or the interface went meanwhile.
            return null;
        }
    }

    /// <summary>By the userspace protocol: the node's /run is a folder of the lab.</summary>
    private static async Task<DateTimeOffset?> LatestOfUserspaceAsync(string path, CancellationToken cancel)
    {
        var answer = new StringBuilder();
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            await socket.SendAsync("get=1\n\n"u8.ToArray(), cancel);
            var buffer = new byte[16 * 1024];
            while (!answer.ToString().EndsWith("\n\n", StringComparison.Ordinal) && await socket.ReceiveAsync(buffer, cancel) is var size and > 0)
                answer.Append(Encoding.ASCII.GetString(buffer.AsSpan(0, size)));
        }
        catch (SocketException)
        {
            // It is being made, or gone.
            return null;
        }
        return Latest(answer.ToString().Split('\n'));
    }

    private static DateTimeOffset? Latest(IEnumerable<string> lines)
    {
        DateTimeOffset? latest = null;
        var seconds = 0L;
        foreach (var line in lines.Select(line => line.Split('=')).Where(line => line.Length == 2))
        {
            if (line[0] == "last_handshake_time_sec")
                seconds = long.Parse(line[1], CultureInfo.InvariantCulture);
            if (line[0] != "last_handshake_time_nsec" || seconds == 0)
                continue;
            var time = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(long.Parse(line[1], CultureInfo.InvariantCulture) / 100);
            latest = latest > time ? latest : time;
        }
        return latest;
    }
}
