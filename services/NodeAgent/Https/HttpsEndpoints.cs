using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Vprox.NodeAgent.Workers;

namespace Vprox.NodeAgent.Https;

/// <summary>The routes of the node's HTTPS listener.</summary>
public static class HttpsEndpoints
{
    private const string PeerChanges = "peer-changes";

    /// <summary>Registers what the routes need.</summary>
    public static void AddHttpsEndpoints(this IServiceCollection services, PeerChangeLimits limits)
    {
        services.AddSingleton<ServedAddresses>();
        services.AddSingleton<NodeCertificate>();
        services.AddSingleton<HandshakeTurns>();
        services.AddSingleton<IConnectAuthorizer, GrantAuthorizer>();
        services.AddSingleton<PeerEndpoints>();
        services.AddProblemDetails();
        // A crowd's connections wait here for the processor; those beyond would come again only after a second (tcp_syn_retries, ip-sysctl.rst). The kernel
        // takes no more than net.core.somaxconn, 4096 by default.
        services.Configure<SocketTransportOptions>(sockets => sockets.Backlog = 4096);
        services.AddRateLimiter(limiter =>
        {
            limiter.AddConcurrencyLimiter(PeerChanges, options =>
            {
                options.PermitLimit = limits.AtOnce;
                options.QueueLimit = limits.Waiting;
                options.QueueProcessingOrder = QueueProcessingOrder.OldestFirst;
            });
            limiter.OnRejected = async (rejected, _) =>
                await Problems.RetryLater(rejected.HttpContext, StatusCodes.Status429TooManyRequests, "Too many requests")
                    .ExecuteAsync(rejected.HttpContext).ConfigureAwait(false);
        });
    }

    /// <summary>Maps them.</summary>
    public static void MapHttpsEndpoints(this WebApplication app)
    {
        app.UseExceptionHandler(handler => handler.Run(FailAsync));
        app.UseStatusCodePages(async pages =>
            await Problems.Of(pages.HttpContext.Response.StatusCode, ReasonPhrase(pages.HttpContext)).ExecuteAsync(pages.HttpContext).ConfigureAwait(false));
        app.UseRouting();
        app.UseRateLimiter();
        var peers = app.Services.GetRequiredService<PeerEndpoints>();
        app.MapPost("/connect", (Delegate)peers.ConnectAsync).RequireRateLimiting(PeerChanges);
        app.MapPost("/disconnect", (Delegate)peers.DisconnectAsync).RequireRateLimiting(PeerChanges);
        app.MapGet("/version", () => TypedResults.Json(new { Version = NodeIdentity.Version }, AnswerJson.Options));
        app.MapGet("/", () => TypedResults.Text("vprox ok\n"));
    }

    private static async Task FailAsync(HttpContext context)
    {
        var failed = context.Features.Get<IExceptionHandlerPathFeature>()!;
        if (failed.Error is BadHttpRequestException bad)
        {
            await Problems.Of(bad.StatusCode, "Bad request").ExecuteAsync(context).ConfigureAwait(false);
            return;
        }
        context.RequestServices.GetRequiredService<ILogger<PeerEndpoints>>().RequestFailed(context.Request.Method, failed.Path, failed.Error);
        await Problems.Of(StatusCodes.Status500InternalServerError, "Failed", "The node could not do it; its log says why.").ExecuteAsync(context).ConfigureAwait(false);
    }

    private static string ReasonPhrase(HttpContext context) =>
        Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(context.Response.StatusCode);
}
