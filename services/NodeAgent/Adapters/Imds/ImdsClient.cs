using System.Net;
using System.Text;

namespace Vprox.NodeAgent.Adapters.Imds;

/// <summary>
/// Reads values from IMDSv2 (EC2 user guide, "Use the Instance Metadata Service"). Unlike the SDK's EC2InstanceMetadata it keeps its token and tells
/// "absent" from "unreachable".
/// </summary>
public sealed class ImdsClient : IDisposable
{
    private const string TtlHeader = "X-aws-ec2-metadata-token-ttl-seconds";
    private const string TokenHeader = "X-aws-ec2-metadata-token";
    private const int LargestAnswer = 64 * 1024;
    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(6);
    private static readonly TimeSpan TokenRenewal = TimeSpan.FromHours(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _renewing = new(1);
    private volatile Token? _token;

    private sealed record Token(string Value, DateTimeOffset RenewAt);

    /// <summary>Makes a client; it does not connect yet. It may be used from several threads.</summary>
    public ImdsClient(Uri metadataUrl, TimeProvider time)
    {
        _time = time;
        // A proxy or redirect must never see the token; the service is on the link.
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = Patience };
        _http = new HttpClient(handler) { BaseAddress = metadataUrl, Timeout = Patience, MaxResponseContentBufferSize = LargestAnswer };
    }

    /// <summary>Reads a value below /latest/meta-data/. Null when IMDS says that it is absent (404).</summary>
    /// <exception cref="ImdsUnavailableException">No usable answer: refused, timed out, 401, 403, 5xx, too large.</exception>
    public async Task<string?> GetAsync(string path, CancellationToken cancellationToken)
    {
        var (status, body) = await GetWithTokenAsync(path, cancellationToken).ConfigureAwait(false);
        if (status == HttpStatusCode.Unauthorized)
        {
            // The token of an instance that was stopped and started is void before its time.
            _token = null;
            (status, body) = await GetWithTokenAsync(path, cancellationToken).ConfigureAwait(false);
        }
        return status switch
        {
            HttpStatusCode.OK => body,
            HttpStatusCode.NotFound => null,
            _ => throw new ImdsUnavailableException($"IMDS answered {(int)status} to GET {path}"),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _renewing.Dispose();
    }

    private async Task<(HttpStatusCode Status, string Body)> GetWithTokenAsync(string path, CancellationToken cancellationToken)
    {
        var token = await TokenAsync(cancellationToken).ConfigureAwait(false);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/latest/meta-data/" + path);
        request.Headers.Add(TokenHeader, token);
        return await SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        await _renewing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _token is { } known && _time.GetUtcNow() < known.RenewAt ? known.Value : await NewTokenAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _renewing.Release();
        }
    }

    private async Task<string> NewTokenAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/latest/api/token");
        request.Headers.Add(TtlHeader, ((int)TokenLife.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture));
        var (status, body) = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (status != HttpStatusCode.OK)
            throw new ImdsUnavailableException($"IMDS answered {(int)status} to PUT /latest/api/token");
        if (body.Length is 0 or > 1024 || body.Any(c => c is <= ' ' or > '~'))
            throw new ImdsUnavailableException("IMDS answered something that is no token to PUT /latest/api/token");
        _token = new Token(body, _time.GetUtcNow() + TokenRenewal);
        return body;
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return (response.StatusCode, Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false)));
        }
        catch (HttpRequestException e)
        {
            throw new ImdsUnavailableException($"IMDS did not answer {request.Method} {request.RequestUri}: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ImdsUnavailableException($"IMDS did not answer {request.Method} {request.RequestUri} within {Patience.TotalSeconds} s", e);
        }
    }
}
