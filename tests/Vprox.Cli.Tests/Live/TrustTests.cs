namespace Vprox.Cli.Tests.Live;

public sealed class TrustTests : StandAloneTest
{
    private static string Pin(string log) => log.Split("--pin ")[1].Split('\n', ' ')[0].Trim();

    [Fact]
    public async Task A_server_is_taken_by_its_pin_and_by_no_other()
    {
        var server = await StartServerAsync();
        var pin = Pin(server.Log);
        await StartClientAsync(arguments: $"{Dial} --pin {pin}");
        var (code, log) = await RunAsync(Network.Client2, $"{Dial} --pin sha256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        Assert.Equal(1, code);
        Assert.Contains($"192.0.2.10 shows the key {pin}, and --pin says", log, StringComparison.Ordinal);
        Assert.DoesNotContain("vprox0", StandAloneNetwork.Ip(Network.Client2, "link show"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_shows_another_key_than_before_is_told_nothing()
    {
        var server = await StartServerAsync();
        await (await StartClientAsync()).StopAsync();
        await server.StopAsync();
        await RunAsync(Network.HostA, "server --down");

        // Another host has the address: the same command, another state.
        Network.Lead(toB: true);
        StandAloneNetwork.Ip(Network.HostB, "address add 192.0.2.10/32 dev up0");
        var other = await StartServerAsync(Network.HostB);
        var (code, log) = await RunAsync(Network.Client1, Dial);
        Assert.Equal(1, code);
        Assert.Contains("192.0.2.10 shows another key than before", log, StringComparison.Ordinal);
        Assert.Contains("remove its line from /var/lib/vprox/connect/known_servers", log, StringComparison.Ordinal);
        Assert.DoesNotContain("connected to", other.Log, StringComparison.Ordinal);

        await StartClientAsync(arguments: $"{Dial} --pin {Pin(other.Log)}");
    }

    [Fact]
    public async Task A_wrong_password_is_said_in_a_sentence_and_leaves_nothing()
    {
        await StartServerAsync();
        var (code, log) = await RunAsync(Network.Client1, Dial, "open barley");
        Assert.Equal((1, "vprox connect: 192.0.2.10 does not take this VPROX_PASSWORD"), (code, log.Trim()));
        Assert.DoesNotContain("vprox0", StandAloneNetwork.Ip(Network.Client1, "link show"), StringComparison.Ordinal);
    }
}
