using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Vprox.Contracts;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.Https;

public sealed class ConnectTests : IAsyncLifetime
{
    private readonly StateDirectory _directory = new();
    private TestNode _node = null!;
    private PeerClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await TestNode.StartAsync(_directory.Path);
        await _node.ServeAsync(0);
        _client = new PeerClient(_node, TestNode.PrivateAddress(0));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _node.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_grant_connects_its_peer_and_the_answer_says_all_a_tunnel_needs()
    {
        using var response = await _client.PostAsync("/connect", _node.Token(0, Some.Key(1), 0, 1), Some.Key(1));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("240.0.0.2/22", answer.GetProperty("AssignedAddr").GetString());
        Assert.Equal(Some.Identity.ServerPublicKey.ToString(), answer.GetProperty("ServerPublicKey").GetString());
        Assert.Equal(49152, answer.GetProperty("ServerListenPort").GetInt32());
        Assert.Equal(["240.0.0.2", "240.0.0.3"], answer.GetProperty("InnerAddresses").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal(["1024-1279", "1280-1535"], answer.GetProperty("PortBlocks").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal("240.0.0.1", answer.GetProperty("Gateway").GetString());
        Assert.Equal(1420, answer.GetProperty("Mtu").GetInt32());
        Assert.True(answer.GetProperty("ExpiresAt").GetDateTimeOffset() > TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task The_peer_is_in_the_kernel_when_the_answer_comes_and_the_bus_hears_of_it()
    {
        (await _client.PostAsync("/connect", _node.Token(0, Some.Key(1), 4), Some.Key(1))).Dispose();
        var peer = Assert.Single(Assert.Single(_node.Kernel.Devices).Peers);
        Assert.Equal(Some.Key(1), peer.PublicKey);
        Assert.Equal("240.0.0.6/32", Assert.Single(peer.AllowedIps).ToString());
        await Eventually.EqualAsync(1, () => _node.Bus.Of<PeerAdded>().Count());
        Assert.Equal(["240.0.0.6"], _node.Bus.Of<PeerAdded>().Single().InnerAddresses);
    }

    [Fact]
    public async Task A_peer_that_is_about_to_give_a_block_back_connects_without_it()
    {
        var token = _node.Token(0, Some.Key(1), 0, 1);
        using var response = await _client.PostAsync("/connect", token, Body("[\"240.0.0.2\"]"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        static byte[] Body(string addresses) => System.Text.Encoding.UTF8.GetBytes($$"""{"PeerPublicKey":"{{Some.Key(1)}}","InnerAddresses":{{addresses}}}""");
        Assert.Equal("240.0.0.2/32", Assert.Single(Assert.Single(Assert.Single(_node.Kernel.Devices).Peers).AllowedIps).ToString());
        foreach (var wrong in new[] { "[\"240.0.0.9\"]", "[null]", "[\"x\"]", "7" })
        {
            using var refused = await _client.PostAsync("/connect", token, Body(wrong));
            await PeerClient.AssertProblemAsync(HttpStatusCode.BadRequest, refused);
        }
    }

    [Fact]
    public async Task The_certificate_holds_the_addresss_own_key()
    {
        (await _client.GetAsync("/")).Dispose();
        Assert.True(_client.SawAddressKey);
    }

    [Fact]
    public async Task The_nodes_own_address_answers_with_another_key_and_connects_nobody()
    {
        using var client = new PeerClient(_node, IPAddress.Loopback);
        using var root = await client.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, root.StatusCode);
        Assert.False(client.SawAddressKey);
        using var connect = await client.PostAsync("/connect", _node.Token(0, Some.Key(1), 0), Some.Key(1));
        await PeerClient.AssertProblemAsync(HttpStatusCode.ServiceUnavailable, connect);
        Assert.NotNull(connect.Headers.RetryAfter);
    }

    [Fact]
    public async Task Connecting_again_answers_the_same()
    {
        var token = _node.Token(0, Some.Key(1), 0);
        using var first = await _client.PostAsync("/connect", token, Some.Key(1));
        using var second = await _client.PostAsync("/connect", token, Some.Key(1));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Single(Assert.Single(_node.Kernel.Devices).Peers);
    }

    [Fact]
    public async Task A_connected_peer_stays_through_rounds()
    {
        (await _client.PostAsync("/connect", _node.Token(0, Some.Key(1), 0), Some.Key(1))).Dispose();
        var rounds = _node.Kernel.Applied.Count;
        _node.Signals.Reconcile.Raise();
        await Eventually.TrueAsync(() => _node.Kernel.Applied.Count > rounds, "a round");
        Assert.Single(Assert.Single(_node.Kernel.Devices).Peers);
    }

    [Fact]
    public async Task Connects_at_the_same_time_as_rounds_lose_no_peer()
    {
        var connects = Enumerable.Range(0, 100).Select(async number =>
        {
            _node.Signals.Reconcile.Raise();
            using var response = await _client.PostAsync("/connect", _node.Token(0, Some.Key(number + 1), number), Some.Key(number + 1));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        });
        await Task.WhenAll(connects);
        Assert.Equal(100, Assert.Single(_node.Kernel.Devices).Peers.Count);
    }

    [Fact]
    public async Task Another_key_with_an_older_grant_for_an_inner_address_in_use_is_refused()
    {
        (await _client.PostAsync("/connect", _node.Token(0, Some.Key(1), 0), Some.Key(1))).Dispose();
        var older = TestNode.Grant(0, Some.Key(2), 0) with { IssuedAt = TimeProvider.System.GetUtcNow().AddMinutes(-1) };
        using var second = await _client.PostAsync("/connect", _node.Signer.Sign(older), Some.Key(2));
        await PeerClient.AssertProblemAsync(HttpStatusCode.Conflict, second);
        Assert.Equal(Some.Key(1), Assert.Single(Assert.Single(_node.Kernel.Devices).Peers).PublicKey);
    }

    [Fact]
    public async Task Disconnecting_takes_the_peer_away_and_may_be_repeated()
    {
        var token = _node.Token(0, Some.Key(1), 0);
        (await _client.PostAsync("/connect", token, Some.Key(1))).Dispose();
        for (var times = 0; times < 2; times++)
        {
            using var response = await _client.PostAsync("/disconnect", token, Some.Key(1));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("""{"Status":"success"}""", await response.Content.ReadAsStringAsync());
        }
        Assert.Empty(Assert.Single(_node.Kernel.Devices).Peers);
        await Eventually.EqualAsync(1, () => _node.Bus.Of<PeerRemoved>().Count());
        Assert.Equal("disconnected", _node.Bus.Of<PeerRemoved>().Single().Reason);
    }

    [Fact]
    public async Task A_goodbye_of_one_that_is_not_there_asks_nothing_of_the_kernel()
    {
        _node.Kernel.Refusal = "asked";
        using var response = await _client.PostAsync("/disconnect", _node.Token(0, Some.Key(1), 0), Some.Key(1));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Nobody_disconnects_another_ones_peer()
    {
        (await _client.PostAsync("/connect", _node.Token(0, Some.Key(1), 0), Some.Key(1))).Dispose();
        using var response = await _client.PostAsync("/disconnect", _node.Token(0, Some.Key(2), 1), Some.Key(1));
        await PeerClient.AssertProblemAsync(HttpStatusCode.Forbidden, response);
        Assert.Single(Assert.Single(_node.Kernel.Devices).Peers);
    }

    [Fact]
    public async Task A_connect_succeeds_while_the_bus_is_away_and_is_told_when_it_is_back()
    {
        _node.Bus.Disconnect();
        using var response = await _client.PostAsync("/connect", _node.Token(0, Some.Key(1), 0), Some.Key(1));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(_node.Bus.Of<PeerAdded>());
        _node.Bus.Connect();
        await Eventually.EqualAsync(1, () => _node.Bus.Of<PeerAdded>().Count());
    }

    [Fact]
    public async Task A_peer_that_the_kernel_refuses_is_not_said_to_be_connected()
    {
        _node.Kernel.Refusal = "set vp49152: ENODEV No such device";
        using var response = await _client.PostAsync("/connect", _node.Token(0, Some.Key(1), 0), Some.Key(1));
        await PeerClient.AssertProblemAsync(HttpStatusCode.InternalServerError, response);
        Assert.DoesNotContain("ENODEV", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        _node.Kernel.Refusal = null;
        using var again = await _client.PostAsync("/connect", _node.Token(0, Some.Key(1), 0), Some.Key(1));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Version_and_root_answer_and_nothing_else_does()
    {
        using var version = await _client.GetAsync("/version");
        Assert.Contains("\"Version\":\"", await version.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var health = await _client.GetAsync("/healthz/ready");
        await PeerClient.AssertProblemAsync(HttpStatusCode.NotFound, health);
        using var wrongMethod = await _client.GetAsync("/connect");
        await PeerClient.AssertProblemAsync(HttpStatusCode.MethodNotAllowed, wrongMethod);
    }
}
