using System.Text.Json;
using Vprox.Addressing;

namespace Vprox.Cli.Tests.Live;

/// <summary>A client of modal-labs/vprox with our server.</summary>
public sealed class ModalClientTests : StandAloneTest
{
    [Fact]
    public async Task It_connects_passes_its_health_check_and_is_seen_with_the_servers_address()
    {
        await StartServerAsync();
        using var client = new ModalClient(Network.Client1);
        var answer = await client.ConnectAsync();
        Assert.Equal((200, "application/json"), (answer.Status, answer.Headers["Content-Type"].Split(';')[0]));
        Assert.True(await client.CheckConnectionAsync());
        using var stream = await StandAloneNetwork.OpenAsync(Network.Client1, client.Interface);
        Assert.Equal("192.0.2.10", stream.SeenAddress);
        // It knows no blocks, so it shares the range that is left for those.
        Assert.InRange(int.Parse(stream.Seen.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture), AddressLayout.SharedPorts.First, AddressLayout.SharedPorts.Last);
    }

    [Fact]
    public async Task The_answer_has_its_three_fields_by_name_type_and_form()
    {
        await StartServerAsync();
        using var client = new ModalClient(Network.Client1);
        using var json = JsonDocument.Parse((await client.ConnectAsync()).Body);
        // netip.ParsePrefix, wgtypes.ParseKey, int (lib/client.go, updateInterface and configureWireguardTunnel).
        Assert.Matches(@"^240\.1\.[0-3]\.\d+/22$", json.RootElement.GetProperty("AssignedAddr").GetString());
        Assert.Matches("^[A-Za-z0-9+/]{43}=$", json.RootElement.GetProperty("ServerPublicKey").GetString());
        Assert.Equal(50227, json.RootElement.GetProperty("ServerListenPort").GetInt32());
    }

    [Fact]
    public async Task It_gets_the_same_address_as_often_as_it_asks_and_after_the_server_was_killed()
    {
        var server = await StartServerAsync();
        using var client = new ModalClient(Network.Client1);
        var first = (await client.ConnectAsync()).Body;
        Assert.Equal(first, (await RawHttps.SendAsync(Network.Client1, RawHttps.GoPost("/connect", "open sesame", client.Body))).Body);
        server.Kill();
        await StartServerAsync();
        Assert.Equal(first, (await RawHttps.SendAsync(Network.Client1, RawHttps.GoPost("/connect", "open sesame", client.Body))).Body);
    }

    [Fact]
    public async Task A_wrong_password_is_401_which_it_does_not_try_again()
    {
        // IsRecoverableError, lib/client.go: any status but 401 is tried again.
        await StartServerAsync();
        using var client = new ModalClient(Network.Client1);
        var answer = await client.ConnectAsync("wrong");
        Assert.Equal((401, "Bearer", "application/problem+json"), (answer.Status, answer.Headers["WWW-Authenticate"], answer.Headers["Content-Type"].Split(';')[0]));
        Assert.Equal(401, (await client.DisconnectAsync("wrong")).Status);
    }

    [Fact]
    public async Task Its_disconnect_is_taken_and_ends_no_tunnel_that_lives()
    {
        var server = await StartServerAsync();
        using var client = new ModalClient(Network.Client1);
        await client.ConnectAsync();
        Assert.True(await client.CheckConnectionAsync());
        // Its disconnectResponse; anybody with the password could have sent this one.
        for (var i = 0; i < 2; i++)
        {
            var answer = await RawHttps.SendAsync(Network.Client2, RawHttps.GoPost("/disconnect", "open sesame", client.Body));
            Assert.Equal((200, """{"Status":"success"}"""), (answer.Status, answer.Body));
        }
        Assert.True(await client.CheckConnectionAsync());
        Assert.DoesNotContain("was removed", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_of_the_root_and_of_version_answer()
    {
        await StartServerAsync();
        var root = await RawHttps.SendAsync(Network.Client1, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(200, root.Status);
        Assert.StartsWith("vprox ok", root.Body, StringComparison.Ordinal);
        var version = await RawHttps.SendAsync(Network.Client1, "GET /version HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(200, version.Status);
        Assert.Contains("Version", version.Body, StringComparison.Ordinal);
        Assert.Equal(405, (await RawHttps.SendAsync(Network.Client1, "GET /connect HTTP/1.1\r\nHost: x\r\n\r\n")).Status);
    }
}
