using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Vprox.Bus.Hosting;

namespace Vprox.Bus.Messaging;

/// <summary>Puts a service on the bus.</summary>
public static class BusRegistration
{
    /// <summary>
    /// Registers the bus (section <c>Bus</c>), the service's queues, <see cref="IMessagePublisher"/>, <see cref="IMessageRequester"/>
    /// and <see cref="IBusConnection"/>. The host starts also when the broker is away; the bus connects as soon as it can.
    /// </summary>
    public static void AddVproxBus(this VproxHostBuilder host, Action<VproxBusBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(configure);
        var options = host.AddValidatedOptions<BusOptions>("Bus");
        if (!BrokerAddress.TryParse(options.Uri, out var address)) return;
        var bus = new VproxBusBuilder(host.Service);
        configure(bus);

        var services = host.Services;
        services.AddSingleton(provider => new BusConnection(address, provider.GetRequiredService<ILogger<BusConnection>>())
        {
            Endpoints = bus.Queues.Count + 1,
        });
        services.AddSingleton<IBusConnection>(provider => provider.GetRequiredService<BusConnection>());
        services.AddSingleton<IMessagePublisher, MessagePublisher>();
        services.AddSingleton<IMessageRequester, MessageRequester>();
        services.AddReceiveEndpointObserver(provider => provider.GetRequiredService<BusConnection>());
        services.AddReceiveObserver<FailureLog>();
        services.Configure<MassTransitHostOptions>(start =>
        {
            start.WaitUntilStarted = false;
            start.StopTimeout = TimeSpan.FromSeconds(5);
        });

        // MassTransit reports usage to its makers unless told not to, in both ways.
        Environment.SetEnvironmentVariable("MASSTRANSIT_USAGE_TELEMETRY", "false");
        services.AddMassTransit(registration =>
        {
            registration.DisableUsageTelemetry();
            registration.ConfigureHealthCheckOptions(health =>
            {
                health.Name = "bus";
                health.MinimalFailureStatus = bus.ReadyWithoutBroker ? HealthStatus.Degraded : HealthStatus.Unhealthy;
            });
            foreach (var consumer in bus.Queues.SelectMany(queue => queue.Consumers).Distinct()) registration.AddConsumer(consumer);
            registration.UsingRabbitMq((context, rabbit) => BusTopology.Configure(context, rabbit, address, bus));
        });
    }
}
