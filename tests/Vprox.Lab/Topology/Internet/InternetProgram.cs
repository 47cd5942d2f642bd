using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Vprox.Lab.Topology.Internet;

/// <summary>`Vprox.Lab internet`: the servers that containers talk to. They say which address they saw, send and echo.</summary>
public static class InternetProgram
{
    /// <summary>GET / answers the caller's address; GET /download?bytes=N sends N bytes.</summary>
    public const int HttpPort = 80;

    /// <summary>TCP and UDP echo (RFC 862).</summary>
    public const int EchoPort = 7;

    /// <summary>TCP: a line every 20 ms without being asked, as a server that pushes.</summary>
    public const int PushPort = 19;

    /// <summary>UDP: answers the address and port it saw.</summary>
    public const int UdpWhoPort = 9000;

    public static async Task<int> RunAsync(CancellationToken cancel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(LabPlan.InternetServer, HttpPort));
        var app = builder.Build();
        app.UseRouting();
        app.MapGet("/", (HttpContext context) => Address(context));
        app.MapGet("/download", SendAsync);
        await app.StartAsync(cancel);
        await Console.Out.WriteLineAsync($"The internet answers on {LabPlan.InternetServer}");
        await Task.WhenAll(
            StreamServers.EchoAsync(new IPEndPoint(LabPlan.InternetServer, EchoPort), cancel),
            StreamServers.PushAsync(new IPEndPoint(LabPlan.InternetServer, PushPort), cancel),
            DatagramServers.EchoAsync(new IPEndPoint(LabPlan.InternetServer, EchoPort), cancel),
            DatagramServers.WhoAsync(new IPEndPoint(LabPlan.InternetServer, UdpWhoPort), cancel),
            app.WaitForShutdownAsync(cancel));
        return 0;
    }

    private static string Address(HttpContext context) => context.Connection.RemoteIpAddress!.MapToIPv4().ToString();

    private static async Task SendAsync(HttpContext context)
    {
        var left = long.Parse(context.Request.Query["bytes"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture);
        var chunk = new byte[64 * 1024];
        context.Response.ContentLength = left;
        while (left > 0)
        {
            var size = (int)Math.Min(left, chunk.Length);
            await context.Response.Body.WriteAsync(chunk.AsMemory(0, size), context.RequestAborted);
            left -= size;
        }
    }
}
