using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Vprox.Bus.Hosting;

/// <summary>
/// The health endpoints have a listener of their own and answer nowhere else. Which listener a request came by is marked on its
/// connection, because the Host header and, with port 0, the port number prove nothing.
/// </summary>
internal static class HealthEndpoint
{
    private sealed record CameByHealthListener;

    public static bool TryParse(string? url, out IPEndPoint endPoint)
    {
        endPoint = new IPEndPoint(IPAddress.Loopback, 0);
        if (url is null) return false;
        var any = url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//localhost", "//127.0.0.1", StringComparison.Ordinal);
        if (!Uri.TryCreate(any, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp || uri.PathAndQuery != "/") return false;
        if (!IPAddress.TryParse(uri.Host, out var address)) return false;
        endPoint = new IPEndPoint(address, uri.Port);
        return true;
    }

    public static void Listen(KestrelServerOptions kestrel, IPEndPoint endPoint) =>
        kestrel.Listen(endPoint, listener => listener.Use(next => connection =>
        {
            connection.Features.Set(new CameByHealthListener());
            return next(connection);
        }));

    /// <summary>Everything that came by the health listener ends here: health, metrics, the service's own pages, or 404.</summary>
    public static void Map(WebApplication app, IReadOnlyDictionary<string, RequestDelegate> pages) =>
        app.MapWhen(request => request.Features.Get<CameByHealthListener>() is not null, health =>
        {
            // Live says that the process answers, and nothing about what it depends on: restarting it would not mend a broker.
            health.UseHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false });
            health.UseHealthChecks("/healthz/ready");
            MetricsEndpoint.Map(health);
            foreach (var (path, answer) in pages)
                health.MapWhen(request => HttpMethods.IsGet(request.Request.Method) && request.Request.Path == path, page => page.Run(answer));
            health.Run(request =>
            {
                request.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
        });
}
