using System.Text.Json;

namespace Vprox.Cli.Tests.Live;

/// <summary>Our client with a server of modal-labs/vprox.</summary>
public sealed class ModalServerTests : StandAloneTest
{
    [Fact]
    public async Task Our_client_connects_is_seen_with_the_servers_address_and_disconnects()
    {
        using var server = await ModalServer.StartAsync(Network.HostA);
        var client = await StartClientAsync();
        Assert.Contains("with 0 port blocks", client.Log, StringComparison.Ordinal);
        Assert.StartsWith("192.0.2.10:", await StandAloneNetwork.SeenFromAsync(Network.Client1), StringComparison.Ordinal);
        Assert.Equal(0, await client.StopAsync());
        Assert.Equal(["/connect", "/disconnect"], server.Requests.Select(request => request.Path).Distinct());
        foreach (var (_, body) in server.Requests)
        {
            using var json = JsonDocument.Parse(body);
            Assert.Equal(44, json.RootElement.GetProperty("PeerPublicKey").GetString()!.Length);
        }
    }

    [Fact]
    public async Task Its_wrong_password_is_a_sentence_and_its_key_is_kept_like_any()
    {
        using var server = await ModalServer.StartAsync(Network.HostA);
        var (code, log) = await RunAsync(Network.Client1, Dial, "wrong");
        Assert.Equal((1, "vprox connect: 192.0.2.10 does not take this VPROX_PASSWORD"), (code, log.Trim()));
        var known = Path.Combine(FolderOf(Network.Client1), "state", "connect", "known_servers");
        Assert.False(File.Exists(known));
        await StartClientAsync();
        Assert.StartsWith("192.0.2.10 sha256:", File.ReadAllText(known), StringComparison.Ordinal);
    }
}
