using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Vprox.WorkerAgent.Tests.Live;

/// <summary>Nobody tells of a change of a WireGuard device; a reconcile interval finds it all the same.</summary>
public sealed class DeviceDriftTests(BrokerFixture broker)
{
    [Fact]
    public async Task A_peer_removed_by_hand_a_setting_and_a_killed_device_are_put_right_while_containers_come_and_go()
    {
        await using var stage = await Stage.SetAsync(broker);
        var container = stage.Network.Container(1);
        await stage.RouteAsync(1);
        // A worker that is never idle looks at everything all the same.
        using var enough = new CancellationTokenSource();
        stage.Network.Container(2);
        var coming = ComeAndGoAsync(stage, enough.Token);

        await RemovePeersAsync(stage.Agent.SocketOf("vw0"));
        await WorkerNetwork.UntilAsync("the peer is back", async () => (await AskAsync(stage.Agent.SocketOf("vw0"), "get=1\n\n")).Contains("public_key=", StringComparison.Ordinal));
        WorkerNetwork.Shell(stage.Network.Worker, "sysctl -qw net.ipv4.conf.vw0.rp_filter=1");
        await WorkerNetwork.UntilAsync("rp_filter is loose again", () => WorkerNetwork.Shell(stage.Network.Worker, "sysctl -n net.ipv4.conf.vw0.rp_filter").Trim() == "2");
        WorkerNetwork.Ip(stage.Network.Worker, "link del vw0");
        await WorkerNetwork.UntilAsync("the tunnel carries again", async () =>
            !await WorkerNetwork.IsClosedAsync(container, TimeSpan.FromSeconds(2)));
        Assert.Equal(WorkerNetwork.StaticAddress, IPEndPoint.Parse(await WorkerNetwork.SeenFromAsync(container)).Address);

        await enough.CancelAsync();
        await coming;
        Assert.Equal(0, stage.Network.Leaked());
    }

    private static async Task ComeAndGoAsync(Stage stage, CancellationToken enough)
    {
        for (var number = 0; !enough.IsCancellationRequested; number++)
        {
            var id = $"passing-{number}";
            await stage.StartAsync(2, id);
            await WorkerNetwork.UntilAsync($"{id} is answered", () => stage.Control.Routed.Any(routed => routed.ContainerId == id));
            await stage.Control.StopAsync(stage.WorkerId, id);
            await WorkerNetwork.UntilAsync($"{id} is stopped", () => stage.Agent.Log.Contains($"Container {id} was stopped", StringComparison.Ordinal));
        }
    }

    private static async Task RemovePeersAsync(string socket) => Assert.Equal("errno=0", (await AskAsync(socket, "set=1\nreplace_peers=true\n\n")).Trim());

    // www.wireguard.com/xplatform
    private static async Task<string> AskAsync(string path, string request)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!answer.ToString().EndsWith("\n\n", StringComparison.Ordinal))
        {
            var length = await socket.ReceiveAsync(buffer);
            if (length == 0)
                break;
            answer.Append(Encoding.ASCII.GetString(buffer, 0, length));
        }
        return answer.ToString();
    }
}
