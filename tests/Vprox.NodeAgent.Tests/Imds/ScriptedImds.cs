using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Vprox.NodeAgent.Tests.Imds;

/// <summary>An IMDS on loopback that says what a test tells it to, also what a real one never would.</summary>
internal sealed class ScriptedImds : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedImds(WebApplication app) => _app = app;

    public const string Mac = "0e:00:00:00:00:01";

    public Uri Uri { get; private set; } = null!;

    /// <summary>Path below /latest/meta-data/ → text; what is missing is 404.</summary>
    public ConcurrentDictionary<string, string> Values { get; } = new();

    /// <summary>Status of every answer to a GET; 200 unless set.</summary>
    public int Status { get; set; } = 200;

    /// <summary>True never answers.</summary>
    public bool Hangs { get; set; }

    public int Tokens { get; private set; }

    public int Gets { get; private set; }

    /// <summary>Whole readings that began: each begins with the list of ENIs.</summary>
    public int Readings { get; private set; }

    public static async Task<ScriptedImds> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var imds = new ScriptedImds(app);
        app.Run(imds.AnswerAsync);
        await app.StartAsync();
        imds.Uri = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        imds.Values["instance-id"] = "i-1";
        imds.Values["placement/region"] = "us-east-1";
        imds.Values["network/interfaces/macs/"] = Mac + "/";
        imds.AddEni(Mac, 0, "10.0.1.10");
        return imds;
    }

    public void AddEni(string mac, int deviceNumber, params string[] addresses)
    {
        Set(mac, "interface-id", $"eni-{mac[^2..]}");
        Set(mac, "subnet-id", "subnet-1");
        Set(mac, "subnet-ipv4-cidr-block", "10.0.1.0/24");
        Set(mac, "device-number", $"{deviceNumber}");
        Set(mac, "local-ipv4s", string.Join('\n', addresses));
    }

    public void Set(string mac, string name, string text) => Values[$"network/interfaces/macs/{mac}/{name}"] = text;

    public void Remove(string mac, string name) => Values.TryRemove($"network/interfaces/macs/{mac}/{name}", out _);

    public void VoidTokens() => Tokens += 100;

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (Hangs)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return;
        }
        if (HttpMethods.IsPut(context.Request.Method))
        {
            await context.Response.WriteAsync($"token-{++Tokens}");
            return;
        }
        Gets++;
        if (context.Request.Path.Value!.EndsWith("/macs/", StringComparison.Ordinal))
            Readings++;
        if (context.Request.Headers["X-aws-ec2-metadata-token"] != $"token-{Tokens}")
            context.Response.StatusCode = 401;
        else if (Status != 200)
            context.Response.StatusCode = Status;
        else if (Values.TryGetValue(context.Request.Path.Value!["/latest/meta-data/".Length..], out var text))
            await context.Response.WriteAsync(text);
        else
            context.Response.StatusCode = 404;
    }
}
