using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace Vprox.Bus.Hosting;

/// <summary>Builds and runs a Vprox service.</summary>
public static class VproxHost
{
    /// <summary>
    /// Builds the service and runs it until it is told to stop (SIGTERM, Ctrl-C). Wrong options are listed on standard error, all
    /// of them, without a stack trace.
    /// </summary>
    /// <param name="service">Name as it stands in logs, e.g. <c>node-agent</c>.</param>
    /// <param name="args">The command line.</param>
    /// <param name="configure">Options, registrations, bus.</param>
    /// <param name="map">HTTP endpoints of the service's own listeners, if it has any.</param>
    /// <returns>The exit code: 0 after a shutdown, 1 when the options are wrong, <see cref="Environment.ExitCode"/> of a service that stopped itself.</returns>
    public static Task<int> RunAsync(
        string service, string[] args, Action<VproxHostBuilder> configure, Action<WebApplication>? map = null) =>
        RunAsync(service, args, Completed(configure), map);

    /// <summary>As the other overload, for a service that must ask for something (who it is, say) before it can be built.</summary>
    /// <param name="service">Name as it stands in logs.</param>
    /// <param name="args">The command line.</param>
    /// <param name="configure">Options, registrations, bus.</param>
    /// <param name="map">HTTP endpoints of the service's own listeners, if it has any.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        string service, string[] args, Func<VproxHostBuilder, Task> configure, Action<WebApplication>? map = null)
    {
        WebApplication app;
        try
        {
            app = await BuildAsync(service, args, configure, map).ConfigureAwait(false);
        }
        catch (InvalidOptionsException invalid)
        {
            await Console.Error.WriteLineAsync($"{service} cannot start, its configuration has {invalid.Errors.Count} error(s):").ConfigureAwait(false);
            foreach (var error in invalid.Errors) await Console.Error.WriteLineAsync($"  {error}").ConfigureAwait(false);
            return 1;
        }
        await using (app.ConfigureAwait(false)) await RunAsync(app).ConfigureAwait(false);
        return Environment.ExitCode;
    }

    // As WebApplication.RunAsync; but a service that is told to stop while it starts is stopped too: StartAsync gives up, and what had begun would never be told.
    private static async Task RunAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await app.StopAsync().ConfigureAwait(false);
            return;
        }
        await ((IHost)app).WaitForShutdownAsync().ConfigureAwait(false);
    }

    /// <summary>Builds the service without running it, as tests do.</summary>
    /// <exception cref="InvalidOptionsException">The options are wrong.</exception>
    public static Task<WebApplication> BuildAsync(
        string service, string[] args, Action<VproxHostBuilder> configure, Action<WebApplication>? map = null) =>
        BuildAsync(service, args, Completed(configure), map);

    /// <summary>Builds the service without running it, as tests do.</summary>
    /// <exception cref="InvalidOptionsException">The options are wrong.</exception>
    public static async Task<WebApplication> BuildAsync(
        string service, string[] args, Func<VproxHostBuilder, Task> configure, Action<WebApplication>? map = null)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = new VproxHostBuilder(service, args);
        try
        {
            await configure(builder).ConfigureAwait(false);
        }
        // What stumbles over options already known to be wrong has nothing to add to their list.
        catch (Exception) when (builder.IsInvalid)
        {
            builder.ThrowIfInvalid();
        }
        builder.ThrowIfInvalid();
        var app = builder.Web.Build();
        HealthEndpoint.Map(app, builder.HealthPages);
        map?.Invoke(app);
        return app;
    }

    private static Func<VproxHostBuilder, Task> Completed(Action<VproxHostBuilder> configure) => builder =>
    {
        configure(builder);
        return Task.CompletedTask;
    };
}
