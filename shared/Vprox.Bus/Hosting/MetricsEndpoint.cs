using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Vprox.Bus.Hosting;

/// <summary>What is measured: every meter named "Vprox.…" and the bus's own, for Prometheus to fetch from the health listener.</summary>
internal static class MetricsEndpoint
{
    public static void Add(IServiceCollection services, string service) => services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService($"vprox-{service}"))
        .WithMetrics(metrics => metrics
            .AddMeter("Vprox.*", "MassTransit")
            .AddPrometheusExporter());

    public static void Map(IApplicationBuilder health) => health.UseOpenTelemetryPrometheusScrapingEndpoint("/metrics");
}
