using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Vprox.Lab.Topology;
using Vprox.WireGuard;

namespace Vprox.Scenarios.Drills;

/// <summary>When the nodes' WireGuard interfaces shook hands, of either backend.</summary>
internal sealed class LabHandshakes(VproxLab lab)
{
    /// <summary>The latest handshake of any peer of an interface.</summary>
    /// <returns>Null when there was none, or the lab has no such node, or the node no such interface.</returns>
    /// <exception cref="OperationCanceledException">Cancelled, which may come in the middle of an answer.</exception>
    public async Task<DateTimeOffset?> LatestAsync(string nodeId, string name, CancellationToken cancel)
    {
        if (lab.Nodes.FirstOrDefault(node => node.InstanceId == nodeId) is not { } node)
            return null;
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
