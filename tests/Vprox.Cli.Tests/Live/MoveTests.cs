using Vprox.Lab.Namespaces;

namespace Vprox.Cli.Tests.Live;

/// <summary>The server's host is cut off, and its address comes to a second host whose server has the same secret.</summary>
public sealed class MoveTests(ITestOutputHelper output) : StandAloneTest
{
    [Fact]
    public async Task A_client_is_back_within_three_seconds_and_its_connections_with_it()
    {
        await StartServerAsync();
        var client = await StartClientAsync();
        using var stream = await StandAloneNetwork.OpenAsync(Network.Client1);
        await stream.EchoAsync();

        CopySecret();
        var second = Start(Network.HostB, Serve + " --standby");
        await second.SaysAsync("192.0.2.10 was prepared on server");

        // As on EC2, a third of a second passes until the address is on the other host.
        var begun = TimeProvider.System.GetTimestamp();
        Network.CutHostA();
        await Task.Delay(300);
        StandAloneNetwork.Ip(Network.HostB, "address add 192.0.2.10/32 dev up0");
        Network.Lead(toB: true);
        Assert.StartsWith("192.0.2.10:", await SeenAgainAsync(), StringComparison.Ordinal);
        var dark = TimeProvider.System.GetElapsedTime(begun);
        await stream.EchoAsync();
        output.WriteLine($"a new connection works {dark.TotalSeconds:0.00} s after the cut\n{client.Log}\n{second.Log}");
        Assert.True(dark < TimeSpan.FromSeconds(3), $"{dark}\n{client.Log}");
        await client.SaysAsync("connected anew");
    }

    [Fact]
    public async Task A_standby_serves_an_address_whenever_it_is_there()
    {
        StandAloneNetwork.Ip(Network.HostA, "address del 192.0.2.10/32 dev up0");
        var server = Start(Network.HostA, Serve + " --standby");
        await server.SaysAsync("192.0.2.10 was prepared on server");
        for (var i = 0; i < 2; i++)
        {
            StandAloneNetwork.Ip(Network.HostA, "address add 192.0.2.10/32 dev up0");
            var client = await StartClientAsync();
            Assert.StartsWith("192.0.2.10:", await StandAloneNetwork.SeenFromAsync(Network.Client1), StringComparison.Ordinal);
            await client.StopAsync();
            StandAloneNetwork.Ip(Network.HostA, "address del 192.0.2.10/32 dev up0");
            await StandAloneNetwork.UntilAsync("nothing of it leaves", () => !Network.HostA.Execute("nft", "list", "set", "inet", "vprox", "egress").Contains("vp50227", StringComparison.Ordinal));
        }
    }

    private async Task<string> SeenAgainAsync()
    {
        while (true)
        {
            try
            {
                return await StandAloneNetwork.SeenFromAsync(Network.Client1, patience: TimeSpan.FromMilliseconds(250));
            }
            catch (Exception dark) when (dark is OperationCanceledException or System.Net.Sockets.SocketException or IOException)
            {
                // Not yet.
            }
        }
    }

    private void CopySecret()
    {
        string Secret(NetworkNamespace host) => Path.Combine(Directory.CreateDirectory(Path.Combine(FolderOf(host), "state", "server")).FullName, "server.key");
        File.Copy(Secret(Network.HostA), Secret(Network.HostB));
        File.SetUnixFileMode(Secret(Network.HostB), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
