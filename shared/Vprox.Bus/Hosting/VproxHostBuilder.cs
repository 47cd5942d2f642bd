using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Serilog;

namespace Vprox.Bus.Hosting;

/// <summary>
/// What every Vprox service has in common: configuration from appsettings.json, environment and command line, validated options,
/// Serilog, and health endpoints and metrics on a listener of their own.
/// </summary>
public sealed class VproxHostBuilder
{
    private readonly List<string> errors = [];
    private readonly HealthOptions health;
    private readonly Dictionary<string, RequestDelegate> healthPages = [];

    internal VproxHostBuilder(string service, string[] args)
    {
        Service = service;
        // The settings file lies beside the program, wherever the service was started from.
        Web = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        Services.AddSingleton(TimeProvider.System);
        health = AddValidatedOptions<HealthOptions>("Health");
        var log = AddValidatedOptions<LogOptions>("Log");
        Services.AddSerilog(LogSetup.Create(log, service), dispose: true);
        Services.AddHealthChecks();
        MetricsEndpoint.Add(Services, service);
        if (HealthEndpoint.TryParse(health.Url, out var endPoint)) Listen(kestrel => HealthEndpoint.Listen(kestrel, endPoint));
        // Agents leave the kernel as it is, so there is nothing to wait for beyond the work in hand.
        Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
    }

    /// <summary>The service's name as it stands in logs, e.g. <c>node-agent</c>.</summary>
    public string Service { get; }

    /// <summary>The builder below, for what this one does not cover.</summary>
    public WebApplicationBuilder Web { get; }

    /// <summary>The service's registrations.</summary>
    public IServiceCollection Services => Web.Services;

    /// <summary>Settings file, environment (<c>NodeAgent__HttpsPort</c>), command line (<c>--NodeAgent:HttpsPort=443</c>), later ones win.</summary>
    public IConfiguration Configuration => Web.Configuration;

    /// <summary>
    /// Reads a section at once, registers it (as <typeparamref name="T"/> and as IOptions) and returns it. Errors, unknown keys
    /// among them, are collected; the host refuses to start and lists those of all sections.
    /// </summary>
    public T AddValidatedOptions<T>(string section) where T : class, IValidatedOptions, new()
    {
        var options = OptionsReader.Read<T>(Configuration, section, errors);
        Services.AddSingleton(options);
        Services.AddSingleton(Options.Create(options));
        return options;
    }

    /// <summary>Adds Kestrel listeners beside the health listener; the health endpoints don't answer on them.</summary>
    public void Listen(Action<KestrelServerOptions> configure) => Web.WebHost.ConfigureKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        configure(kestrel);
    });

    /// <summary>
    /// Answers GET of a path on the health listener, beside the health endpoints and <c>/metrics</c>. Whoever reaches the listener may read
    /// it: nothing secret, and nothing that changes anything.
    /// </summary>
    /// <param name="path">With its slash, e.g. <c>/fleet</c>; a second answer for one path throws.</param>
    /// <param name="answer">Writes the response.</param>
    public void AddHealthPage(string path, RequestDelegate answer) => healthPages.Add(path, answer);

    internal IReadOnlyDictionary<string, RequestDelegate> HealthPages => healthPages;

    internal void ThrowIfInvalid()
    {
        if (errors.Count > 0) throw new InvalidOptionsException(errors);
    }

    /// <summary>True once options were read that are wrong: the host will not start, so there is no use in waiting for anything.</summary>
    public bool IsInvalid => errors.Count > 0;
}
