using System.Buffers;
using System.Net;
using Microsoft.Net.Http.Headers;
using Vprox.NodeAgent.Core.Peers;
using Vprox.NodeAgent.Workers;

namespace Vprox.NodeAgent.Https;

/// <summary>POST /connect and POST /disconnect.</summary>
public sealed class PeerEndpoints(ServedAddresses served, IConnectAuthorizer authorizer, Tunnels tunnels)
{
    /// <summary>What a request may do, once all of it is checked.</summary>
    private sealed record Allowed(ServedAddress Address, PeerRequest Body, ConnectRequest Request);

    /// <summary>Sets up a tunnel.</summary>
    public async Task<IResult> ConnectAsync(HttpContext context)
    {
        var (allowed, refusal) = await CheckAsync(context).ConfigureAwait(false);
        if (allowed is null)
            return refusal!;
        // Not with the request's token: a client that hangs up must not leave the peer half set.
        return await tunnels.ConnectAsync(allowed.Address.Placement, allowed.Request).ConfigureAwait(false) switch
        {
            ConnectOutcome.Connected connected =>
                TypedResults.Json(ConnectResponse.For(allowed.Address.Placement, connected.Peer), AnswerJson.Options),
            ConnectOutcome.Conflict conflict =>
                Problems.Of(StatusCodes.Status409Conflict, "Inner address in use", $"Another tunnel holds {conflict.InnerAddress} until its grant ends."),
            _ => Problems.RetryLater(context, StatusCodes.Status503ServiceUnavailable, "Full", "The address has no inner address left."),
        };
    }

    /// <summary>Takes a tunnel down; one that is down stays down.</summary>
    public async Task<IResult> DisconnectAsync(HttpContext context)
    {
        var (allowed, refusal) = await CheckAsync(context).ConfigureAwait(false);
        if (allowed is null)
            return refusal!;
        var verdict = authorizer.Disconnect(allowed.Address, allowed.Body);
        if (verdict == DisconnectVerdict.Refused)
            return Problems.Of(StatusCodes.Status403Forbidden, "Not proven", "The proof is not of this peer's key, or its time is not this server's.");
        if (verdict == DisconnectVerdict.Proven)
            await tunnels.RemoveAsync(allowed.Address.Placement, allowed.Body.Key, "disconnected", CancellationToken.None).ConfigureAwait(false);
        return TypedResults.Json(new { Status = "success" }, AnswerJson.Options);
    }

    private async Task<(Allowed? Allowed, IResult? Refusal)> CheckAsync(HttpContext context)
    {
        if (context.Connection.LocalIpAddress is not { } local || served.Find(local.MapToIPv4()) is not { } address)
            return (null, Problems.RetryLater(context, StatusCodes.Status503ServiceUnavailable, "Not served here", "This node serves no static address where the request came."));

        var authorization = await authorizer.AuthorizeAsync(address, BearerToken(context)).ConfigureAwait(false);
        if (authorization is not Authorization.Granted granted)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return (null, Problems.Of(StatusCodes.Status401Unauthorized, "Not authorized", (authorization as Authorization.Refused)?.Reason));
        }
        if (await ReadBodyAsync(context).ConfigureAwait(false) is not { } body)
            return (null, Problems.Of(StatusCodes.Status413PayloadTooLarge, "Body too large", $"At most {HttpsServer.LargestBody} bytes are read."));
        if (!PeerRequest.TryParse(body, out var request, out var error))
            return (null, Problems.Of(StatusCodes.Status400BadRequest, "Bad request", error));
        // WireGuard takes no peer with its interface's own key, and says nothing.
        if (request.Key == address.Placement.Identity?.ServerPublicKey)
            return (null, Problems.Of(StatusCodes.Status400BadRequest, "Bad request", "PeerPublicKey is the server's own key."));
        if (granted.PeerPublicKey is { } own && own != request.Key)
            return (null, Problems.Of(StatusCodes.Status403Forbidden, "Another peer's grant", "The grant is for another PeerPublicKey."));
        return granted.Request(request) is { } asked
            ? (new Allowed(address, request, asked), null)
            : (null, Problems.Of(StatusCodes.Status400BadRequest, "Bad request", "InnerAddresses must be IPv4 addresses, and the grant must name one of them."));
    }

    private static string? BearerToken(HttpContext context)
    {
        const string scheme = "Bearer ";
        var header = context.Request.Headers[HeaderNames.Authorization];
        return header is [{ } value] && value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? value[scheme.Length..] : null;
    }

    /// <summary>Null when it is too large.</summary>
    private static async Task<byte[]?> ReadBodyAsync(HttpContext context)
    {
        if (context.Request.ContentLength > HttpsServer.LargestBody)
            return null;
        try
        {
            while (true)
            {
                var read = await context.Request.BodyReader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
                var body = read.IsCompleted ? read.Buffer.ToArray() : null;
                var tooLarge = read.Buffer.Length > HttpsServer.LargestBody;
                // All of it is looked at, and none consumed before the end is there.
                context.Request.BodyReader.AdvanceTo(read.IsCompleted ? read.Buffer.End : read.Buffer.Start, read.Buffer.End);
                if (tooLarge || body is not null)
                    return tooLarge ? null : body;
            }
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }
}
