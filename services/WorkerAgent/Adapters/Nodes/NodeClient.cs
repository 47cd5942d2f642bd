using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Adapters.Nodes;

/// <summary>HTTPS with the pinned key as the only trust: whoever holds it is the static address, on whatever node.</summary>
public sealed class NodeClient(WorkerAgentOptions options, TimeProvider time) : INodeClient
{
    // A tunnel with all 312 blocks of 128 ports is described in under 16 KiB.
    private const int MaxAnswerBytes = 64 * 1024;

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(1);
    private static readonly JsonSerializerOptions Wire = new() { PropertyNameCaseInsensitive = false };

    /// <inheritdoc/>
    public async Task<NodeReply> ConnectAsync(TunnelGrant grant, WireGuardKey peer, IReadOnlyList<IPAddress> only, CancellationToken cancellationToken)
    {
        try
        {
            using var http = Open(grant);
            using var response = await PostAsync(http, "connect", grant, Body(peer, only), cancellationToken);
            if (response.IsSuccessStatusCode)
                return await ReadAsync(response, cancellationToken);
            var reason = $"the node answered {(int)response.StatusCode} {response.ReasonPhrase}: {await TitleAsync(response, cancellationToken)}";
            return response.StatusCode switch
            {
                HttpStatusCode.Unauthorized => new NodeReply.Unauthorized(reason),
                HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => new NodeReply.Busy(reason, RetryAfter(response)),
                >= HttpStatusCode.InternalServerError => new NodeReply.Busy(reason, null),
                _ => new NodeReply.Refused(reason),
            };
        }
        catch (Exception failure) when (IsOfTheNetwork(failure, cancellationToken))
        {
            return new NodeReply.Unreachable($"https://{grant.Address}/connect: {Words(failure)}");
        }
    }

    /// <inheritdoc/>
    public async Task<string?> DisconnectAsync(TunnelGrant grant, WireGuardKey peer, CancellationToken cancellationToken)
    {
        try
        {
            using var http = Open(grant);
            using var response = await PostAsync(http, "disconnect", grant, Body(peer, []), cancellationToken);
            return response.IsSuccessStatusCode ? null : $"the node answered {(int)response.StatusCode}";
        }
        catch (Exception failure) when (IsOfTheNetwork(failure, cancellationToken))
        {
            return Words(failure);
        }
    }

    private HttpClient Open(TunnelGrant grant)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = options.ConnectTimeout,
            MaxResponseHeadersLength = 16,
        };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => grant.TlsPin.Matches(certificate);
        return new HttpClient(handler) { Timeout = options.ConnectTimeout, MaxResponseContentBufferSize = MaxAnswerBytes };
    }

    private async Task<HttpResponseMessage> PostAsync(HttpClient http, string path, TunnelGrant grant, object body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new UriBuilder("https", grant.Address.ToString(), options.NodeHttpsPort, path).Uri)
        {
            Content = JsonContent.Create(body, options: Wire),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", grant.Token);
        return await http.SendAsync(request, cancellationToken);
    }

    private static object Body(WireGuardKey peer, IReadOnlyList<IPAddress> only) => only.Count == 0
        ? new { PeerPublicKey = peer.ToString() }
        : new { PeerPublicKey = peer.ToString(), InnerAddresses = only.Select(address => address.ToString()) };

    private static async Task<NodeReply> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await response.Content.ReadFromJsonAsync<ConnectAnswer>(Wire, cancellationToken);
            return answer is null ? new NodeReply.Refused("the node answered null") : new NodeReply.Accepted(answer);
        }
        catch (JsonException malformed)
        {
            return new NodeReply.Refused($"the node's answer could not be read: {malformed.Message}");
        }
    }

    private static async Task<string> TitleAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            // application/problem+json, RFC 9457.
            using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            var text = problem.RootElement.TryGetProperty("detail", out var detail) ? detail.GetString()
                : problem.RootElement.TryGetProperty("title", out var title) ? title.GetString()
                : null;
            return Printable(text);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return "no reason given";
        }
    }

    private static string Printable(string? text) =>
        string.IsNullOrWhiteSpace(text) ? "no reason given" : new string([.. text.Where(c => !char.IsControl(c)).Take(200)]);

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var after = response.Headers.RetryAfter?.Delta ?? (response.Headers.RetryAfter?.Date - time.GetUtcNow());
        return after is null || after < TimeSpan.Zero ? null : after < LongestRetryAfter ? after : LongestRetryAfter;
    }

    // HttpClient's own timeout shows as a cancellation that nobody asked for.
    private static bool IsOfTheNetwork(Exception failure, CancellationToken cancellationToken) =>
        failure is HttpRequestException or IOException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static string Words(Exception failure) => failure switch
    {
        OperationCanceledException => "no answer in time",
        { InnerException: { } inner } => $"{failure.Message} ({inner.Message})",
        _ => failure.Message,
    };
}
