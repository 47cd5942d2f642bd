using Vprox.Identity;
using Vprox.WireGuard;

namespace Vprox.Cli.Tests.Live;

public sealed class HostileRequestTests : StandAloneTest
{
    private static readonly string Key = WireGuardPrivateKey.Generate().PublicKey().ToString();

    private async Task<int> PostAsync(string body, string path = "/connect", string token = "open sesame") =>
        (await RawHttps.SendAsync(Network.Client1, RawHttps.GoPost(path, token, body))).Status;

    [Fact]
    public async Task What_is_no_request_is_refused_and_the_next_one_is_served()
    {
        await StartServerAsync();
        foreach (var path in (string[])["/connect", "/disconnect"])
        {
            foreach (var body in (string[])["", "null", "[]", "{", "{}", "\"x\"", "{\"PeerPublicKey\":null}", "{\"PeerPublicKey\":7}", "{\"PeerPublicKey\":\"abc\"}",
                $"{{\"PeerPublicKey\":\"{new string('A', 43)}=\"}}", string.Concat(Enumerable.Repeat("{\"a\":", 100)), "\0\u0001"])
                Assert.True(await PostAsync(body, path) == 400, $"{path} {body}");
            Assert.Equal(413, await PostAsync(new string(' ', 9000) + "{}", path));
        }
        Assert.Equal(200, await PostAsync($"{{\"PeerPublicKey\":\"{Key}\"}}"));
    }

    [Fact]
    public async Task Wishes_that_make_no_sense_are_passed_over()
    {
        await StartServerAsync();
        foreach (var wish in (string[])["\"PortBlocks\":-1", "\"PortBlocks\":1e99", "\"PortBlocks\":\"many\"", "\"PortBlocks\":2147483647", "\"InnerAddresses\":7",
            "\"InnerAddresses\":[null,7,\"240.1.0.1\",\"10.0.0.1\",\"x\",{}]", "\"PortBlocks\":2,\"InnerAddresses\":[\"240.1.0.1\",\"240.1.3.255\"]"])
        {
            var key = WireGuardPrivateKey.Generate().PublicKey();
            Assert.True(await PostAsync($"{{\"PeerPublicKey\":\"{key}\",{wish}}}") == 200, wish);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("open")]
    [InlineData("open sesame!")]
    [InlineData("OPEN SESAME")]
    [InlineData("öpen sesame")]
    public async Task Any_other_word_than_the_password_is_401(string token)
    {
        await StartServerAsync();
        Assert.Equal(401, await PostAsync($"{{\"PeerPublicKey\":\"{Key}\"}}", token: token));
    }

    [Fact]
    public async Task A_password_may_hold_any_letters()
    {
        await StartServer("pässwörd 日本");
        Assert.Equal(0, await (await StartClient("pässwörd 日本")).StopAsync());
        Assert.Equal(1, (await RunAsync(Network.Client1, Dial, "passw")).Code);

        async Task<VproxProcess> StartServer(string password)
        {
            var server = Start(Network.HostA, Serve, password);
            await server.SaysAsync("is served from");
            return server;
        }

        async Task<VproxProcess> StartClient(string password)
        {
            var client = Start(Network.Client1, Dial, password);
            await client.SaysAsync("leads to");
            return client;
        }
    }

    [Fact]
    public async Task Only_who_proves_a_peers_key_takes_its_tunnel_down_at_once()
    {
        var server = await StartServerAsync();
        var peer = WireGuardPrivateKey.Generate();
        var answer = await RawHttps.SendAsync(Network.Client1, RawHttps.GoPost("/connect", "open sesame", $"{{\"PeerPublicKey\":\"{peer.PublicKey()}\"}}"));
        using var json = System.Text.Json.JsonDocument.Parse(answer.Body);
        var serverKey = WireGuardKey.Parse(json.RootElement.GetProperty("ServerPublicKey").GetString()!);
        var now = TimeProvider.System.GetUtcNow();
        foreach (var forged in (string[])["\"\"", "7", "{}", "\"1.AAAA\"", $"\"{PeerProof.Make(WireGuardPrivateKey.Generate(), serverKey, "disconnect", now)}\"",
            $"\"{PeerProof.Make(peer, serverKey, "disconnect", now.AddHours(-1))}\"", $"\"{PeerProof.Make(peer, serverKey, "connect", now)}\""])
            Assert.Equal(403, await PostAsync($"{{\"PeerPublicKey\":\"{peer.PublicKey()}\",\"Proof\":{forged}}}", "/disconnect"));
        Assert.DoesNotContain("was removed", server.Log, StringComparison.Ordinal);
        for (var i = 0; i < 2; i++)
            Assert.Equal(200, await PostAsync($"{{\"PeerPublicKey\":\"{peer.PublicKey()}\",\"Proof\":\"{PeerProof.Make(peer, serverKey, "disconnect", now)}\"}}", "/disconnect"));
        await server.SaysAsync("was removed: disconnected");
    }
}
