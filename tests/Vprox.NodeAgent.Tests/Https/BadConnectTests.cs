using System.Net;
using System.Text;
using Vprox.Identity;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.Https;

/// <summary>What the internet sends to /connect.</summary>
public sealed class BadConnectTests : IAsyncLifetime
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
        Assert.Empty(Assert.Single(_node.Kernel.Devices).Peers);
        _client.Dispose();
        await _node.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"PeerPublicKey":null}""")]
    [InlineData("""{"PeerPublicKey":7}""")]
    [InlineData("""{"PeerPublicKey":"not base64"}""")]
    [InlineData("""{"PeerPublicKey":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}""")]
    [InlineData("""{"PeerPublicKey":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""")]
    [InlineData("""{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}}}}""")]
    [InlineData("\u0000\u00ff")]
    public async Task A_body_that_names_no_key_is_refused(string body)
    {
        using var response = await _client.PostAsync("/connect", _node.Token(0, Some.Key(1), 0), Encoding.UTF8.GetBytes(body));
        await PeerClient.AssertProblemAsync(HttpStatusCode.BadRequest, response);
    }

    [Fact]
    public async Task A_body_of_10_MB_is_refused()
    {
        try
        {
            using var response = await _client.PostAsync("/connect", _node.Token(0, Some.Key(1), 0), new byte[10 << 20]);
            await PeerClient.AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, response);
        }
        catch (HttpRequestException)
        {
            // The server answered and closed before all of it was sent; what counts is that it lives on.
        }
        using var root = await _client.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, root.StatusCode);
    }

    [Fact]
    public async Task A_body_just_over_the_limit_is_refused_as_too_large()
    {
        using var response = await _client.PostAsync("/connect", _node.Token(0, Some.Key(1), 0), new byte[9000]);
        await PeerClient.AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, response);
    }

    [Theory]
    [InlineData("/connect")]
    [InlineData("/disconnect")]
    public async Task A_peer_that_has_the_servers_own_key_is_refused(string path)
    {
        var own = Some.Identity.ServerPublicKey;
        using var response = await _client.PostAsync(path, _node.Token(0, own, 0), own);
        await PeerClient.AssertProblemAsync(HttpStatusCode.BadRequest, response);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.")]
    public async Task A_token_that_is_no_grant_is_refused(string? token)
    {
        using var response = await _client.PostAsync("/connect", token, Some.Key(1));
        await PeerClient.AssertProblemAsync(HttpStatusCode.Unauthorized, response);
    }

    [Fact]
    public Task An_expired_grant_is_refused() => RefusesAsync(_node.Signer.Sign(TestNode.Grant(0, Some.Key(1), 0) with
    {
        IssuedAt = TimeProvider.System.GetUtcNow().AddHours(-25),
        ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(-1),
    }));

    [Fact]
    public Task A_grant_for_another_address_is_refused() => RefusesAsync(_node.Token(1, Some.Key(1), 0));

    [Fact]
    public async Task A_grant_signed_by_a_stranger_is_refused()
    {
        using var stranger = GrantSigner.Generate();
        await RefusesAsync(stranger.Sign(TestNode.Grant(0, Some.Key(1), 0)));
    }

    [Fact]
    public Task A_grant_with_foreign_port_blocks_is_refused() =>
        RefusesAsync(_node.Signer.Sign(TestNode.Grant(0, Some.Key(1), 0) with { PortBlocks = [Addressing.AddressLayout.PortsOfBlock(9)] }));

    [Fact]
    public async Task A_grant_for_another_peer_is_refused()
    {
        using var response = await _client.PostAsync("/connect", _node.Token(0, Some.Key(2), 0), Some.Key(1));
        await PeerClient.AssertProblemAsync(HttpStatusCode.Forbidden, response);
    }

    private async Task RefusesAsync(string token)
    {
        using var response = await _client.PostAsync("/connect", token, Some.Key(1));
        await PeerClient.AssertProblemAsync(HttpStatusCode.Unauthorized, response);
    }
}
