using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Adapters.Nodes;

/// <summary>Requests to the HTTPS server on a static address. Whoever is on the other end is hostile until the certificate is judged, and distrusted afterwards.</summary>
/// <param name="timeout">For one request, its connection included.</param>
/// <param name="time">The clock.</param>
/// <param name="dial">Makes the TCP connection; null for the usual way.</param>
public sealed class NodeHttp(TimeSpan timeout, TimeProvider time, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? dial = null)
{
    // A tunnel with all 312 blocks of 128 ports is described in under 16 KiB.
    private const int MaxAnswerBytes = 64 * 1024;

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(1);
    private static readonly JsonSerializerOptions Wire = new() { PropertyNameCaseInsensitive = false };

    /// <summary>POST /connect.</summary>
    /// <param name="server">The server, without path.</param>
    /// <param name="token">The bearer token, one line of any characters.</param>
    /// <param name="body">The body, as it stands on the wire.</param>
    /// <param name="trusts">Judges the certificate, and is the only one to.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<NodeReply> ConnectAsync(Uri server, string token, object body, Func<X509Certificate?, bool> trusts, CancellationToken cancellationToken)
    {
        var url = new Uri(server, "/connect");
        try
        {
            using var http = Open(trusts);
            using var response = await PostAsync(http, url, token, body, cancellationToken);
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
            return new NodeReply.Unreachable($"{url}: {Words(failure)}");
        }
    }

    /// <summary>POST /disconnect; null when the node took it, otherwise why it did not. Parameters as of <see cref="ConnectAsync"/>.</summary>
    public async Task<string?> DisconnectAsync(Uri server, string token, object body, Func<X509Certificate?, bool> trusts, CancellationToken cancellationToken)
    {
        try
        {
            using var http = Open(trusts);
            using var response = await PostAsync(http, new Uri(server, "/disconnect"), token, body, cancellationToken);
            return response.IsSuccessStatusCode ? null : $"the node answered {(int)response.StatusCode}";
        }
        catch (Exception failure) when (IsOfTheNetwork(failure, cancellationToken))
        {
            return Words(failure);
        }
    }

    private HttpClient Open(Func<X509Certificate?, bool> trusts)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = timeout,
            ConnectCallback = dial,
            MaxResponseHeadersLength = 16,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => trusts(certificate);
        return new HttpClient(handler) { Timeout = timeout, MaxResponseContentBufferSize = MaxAnswerBytes };
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, Uri url, string token, object body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = JsonContent.Create(body, body.GetType(), options: Wire) };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return await http.SendAsync(request, cancellationToken);
    }

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
