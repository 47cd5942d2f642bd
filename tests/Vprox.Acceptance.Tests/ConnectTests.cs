using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Vprox.Identity;
using Vprox.WireGuard;

namespace Vprox.Acceptance.Tests;

/// <summary>POST /connect over the real wire, from a worker to a static address.</summary>
public sealed class ConnectTests(SharedLab shared, ProxiedContainer proxied) : AcceptanceTest(shared), IClassFixture<ProxiedContainer>
{
    private TunnelOfWorker Tunnel => proxied.Tunnel;

    [Fact]
    public async Task A_workers_own_grant_is_honoured_again_with_the_same_answer()
    {
        using var answer = await ConnectAsync(Tunnel.Token, Body(Tunnel.PublicKey));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal($"{Tunnel.InnerAddresses[0]}/22", json.GetProperty("AssignedAddr").GetString());
        Assert.Equal(Tunnel.Port, json.GetProperty("ServerListenPort").GetInt32());
    }

    [Fact]
    public async Task A_grant_with_another_signature_is_refused()
    {
        var parts = Tunnel.Token.Split('.');
        var signature = parts[2][0] == 'A' ? $"B{parts[2][1..]}" : $"A{parts[2][1..]}";

        await AssertProblemAsync(HttpStatusCode.Unauthorized, ConnectAsync($"{parts[0]}.{parts[1]}.{signature}", Body(Tunnel.PublicKey)));
    }

    [Fact]
    public async Task An_expired_grant_is_refused()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        Task<string> GrantUntil(DateTimeOffset end) => ForgedGrants.SignAsync(Lab, new Grant
        {
            Address = proxied.Address,
            PeerPublicKey = Tunnel.PublicKey,
            WorkspaceId = ProxiedContainer.WorkspaceId,
            ProxyId = proxied.ProxyId,
            InnerAddresses = Tunnel.InnerAddresses,
            PortBlocks = Tunnel.Blocks,
            IssuedAt = now.AddHours(-2),
            ExpiresAt = end,
        });
        using (var honoured = await ConnectAsync(await GrantUntil(now.AddHours(1)), Body(Tunnel.PublicKey)))
            Assert.Equal(HttpStatusCode.OK, honoured.StatusCode);

        await AssertProblemAsync(HttpStatusCode.Unauthorized, ConnectAsync(await GrantUntil(now.AddHours(-1)), Body(Tunnel.PublicKey)));
    }

    [Fact]
    public async Task A_grant_for_another_address_is_refused()
    {
        var (theirs, other) = await ProxyAsync("theirs", "ws-2");
        await RouteAsync(Worker.Containers[1], theirs, "theirs");
        var foreign = await TunnelOfWorker.ReadAsync(Worker, other);

        await AssertProblemAsync(HttpStatusCode.Unauthorized, ConnectAsync(foreign.Token, Body(foreign.PublicKey)));
    }

    [Fact]
    public async Task A_grant_for_another_peer_is_refused() =>
        await AssertProblemAsync(HttpStatusCode.Forbidden, ConnectAsync(Tunnel.Token, Body(WireGuardPrivateKey.Generate().PublicKey())));

    [Fact]
    public async Task A_request_without_a_grant_is_refused() =>
        await AssertProblemAsync(HttpStatusCode.Unauthorized, ConnectAsync(null, Body(Tunnel.PublicKey)));

    [Theory]
    [InlineData("""{"PeerPublicKey":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}""")]
    [InlineData("""{"PeerPublicKey":"short"}""")]
    [InlineData("""{"PeerPublicKey":17}""")]
    [InlineData("not JSON")]
    [InlineData("")]
    public async Task A_body_that_holds_no_key_is_refused(string body) =>
        await AssertProblemAsync(HttpStatusCode.BadRequest, ConnectAsync(Tunnel.Token, body));

    [Fact]
    public async Task A_body_of_ten_megabytes_is_refused() =>
        await AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, ConnectAsync(Tunnel.Token, new string(' ', 10_000_000)));

    private static string Body(WireGuardKey key) => JsonSerializer.Serialize(new { PeerPublicKey = key.ToString() });

    private static async Task AssertProblemAsync(HttpStatusCode status, Task<HttpResponseMessage> request)
    {
        using var answer = await request;
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    private async Task<HttpResponseMessage> ConnectAsync(string? token, string body)
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancel) =>
            {
                var socket = Worker.OpenTcp();
                await socket.ConnectAsync(context.DnsEndPoint, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => Tunnel.TlsPin.Matches(certificate) },
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"https://{proxied.Address}/connect") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        // Asks before it sends ten megabytes that nobody wants (RFC 9110 section 10.1.1).
        request.Headers.ExpectContinue = body.Length > 1_000_000;
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await http.SendAsync(request);
    }
}
