namespace Vprox.Cli.Tests.Live;

public sealed class RestartTests : StandAloneTest
{
    [Fact]
    public async Task Connections_pass_while_the_server_is_killed_stopped_and_started()
    {
        var server = await StartServerAsync();
        var client = await StartClientAsync();
        using var stream = await StandAloneNetwork.OpenAsync(Network.Client1);
        using var busy = await StandAloneNetwork.OpenAsync(Network.Client1);
        using var end = new CancellationTokenSource();
        var traffic = TalkAsync(busy, end.Token);

        server.Kill();
        await stream.EchoAsync();
        server = await StartServerAsync();
        Assert.Contains("1 placements in its journal and 1 interfaces in the kernel", server.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("made interface", server.Log, StringComparison.Ordinal);
        Assert.Equal(0, await server.StopAsync());
        await StartServerAsync();
        await end.CancelAsync();
        var longest = await traffic;
        Assert.True(longest < TimeSpan.FromSeconds(1), $"{longest} between two echoes");
        Assert.DoesNotContain("hears nothing", client.Log, StringComparison.Ordinal);

        // The peer is known to the server that was started last, and so is what it may not give to others.
        await StartClientAsync(Network.Client2);
        Assert.StartsWith("192.0.2.10:", await StandAloneNetwork.SeenFromAsync(Network.Client2), StringComparison.Ordinal);
        await stream.EchoAsync();
    }

    [Fact]
    public async Task A_restart_keeps_keys_and_a_client_that_starts_anew_trusts_them()
    {
        var server = await StartServerAsync();
        var client = await StartClientAsync();
        Assert.Contains("was not known; its key was taken on trust", client.Log, StringComparison.Ordinal);
        await client.StopAsync();
        await server.StopAsync();
        await RunAsync(Network.HostA, "server --down");
        await StartServerAsync();
        client = await StartClientAsync();
        Assert.DoesNotContain("was not known", client.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kept_tunnel_begins_a_new_session_when_its_server_has_begun_anew()
    {
        var server = await StartServerAsync();
        var client = await StartClientAsync(arguments: Dial + " --keep");
        Assert.Equal(0, await client.StopAsync());
        await server.StopAsync();
        await RunAsync(Network.HostA, "server --down");
        await StartServerAsync();
        await StartClientAsync(arguments: Dial + " --keep");
        Assert.StartsWith("192.0.2.10:", await StandAloneNetwork.SeenFromAsync(Network.Client1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_is_stopped_while_it_connects_leaves_nothing_behind()
    {
        await StartServerAsync();
        StandAloneNetwork.Shell(Network.HostA, "nft 'table inet cut { chain in { type filter hook prerouting priority raw; udp dport 49152-65535 drop; }; }'");
        var client = Start(Network.Client1, Dial);
        await StandAloneNetwork.UntilAsync("an interface", () => StandAloneNetwork.Ip(Network.Client1, "-br link").Contains("vprox0", StringComparison.Ordinal));
        Assert.Equal(0, await client.StopAsync());
        Assert.DoesNotContain("vprox0", StandAloneNetwork.Ip(Network.Client1, "-br link"), StringComparison.Ordinal);
    }

    private static async Task<TimeSpan> TalkAsync(EchoStream stream, CancellationToken end)
    {
        var longest = TimeSpan.Zero;
        while (!end.IsCancellationRequested)
        {
            var begun = TimeProvider.System.GetTimestamp();
            await stream.EchoAsync();
            var took = TimeProvider.System.GetElapsedTime(begun);
            longest = took > longest ? took : longest;
            await Task.Delay(10, CancellationToken.None);
        }
        return longest;
    }
}
