using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Vprox.Identity;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.Given;

/// <summary>A client of a node's HTTPS server that connects to the address of one slot and notes the certificate it was shown.</summary>
internal sealed class PeerClient : IDisposable
{
    private readonly HttpClient _http;

    public PeerClient(TestNode node, IPAddress address)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            SawAddressKey = Some.Identity.TlsPin.Matches(certificate);
            return certificate is not null;
        };
        _http = new HttpClient(handler) { BaseAddress = new Uri($"https://{address}:{node.Port}") };
    }

    /// <summary>True when the certificate held the TLS key of the static address.</summary>
    public bool SawAddressKey { get; private set; }

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(path);

    public Task<HttpResponseMessage> PostAsync(string path, string? token, WireGuardKey key) =>
        PostAsync(path, token, Encoding.UTF8.GetBytes($$"""{"PeerPublicKey":"{{key}}"}"""));

    public async Task<HttpResponseMessage> PostAsync(string path, string? token, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await _http.SendAsync(request);
    }

    /// <summary>Checks a refusal: status, problem+json, no trace of what is inside, no server header.</summary>
    public static async Task AssertProblemAsync(HttpStatusCode status, HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain(" at ", text, StringComparison.Ordinal);
        Assert.Empty(response.Headers.Server);
        Assert.NotNull(await response.Content.ReadFromJsonAsync<Dictionary<string, object>>());
    }

    public void Dispose() => _http.Dispose();
}
