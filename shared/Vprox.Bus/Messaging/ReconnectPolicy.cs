using System.Reflection;
using MassTransit;
using MassTransit.RabbitMqTransport.Configuration;

namespace Vprox.Bus.Messaging;

/// <summary>
/// Reconnects after 0.25 s to 2 s. MassTransit 8.5.12 waits 3 to 30 s, gives up for good on some errors (a wrong password, a queue
/// declared otherwise), and offers no setting: RabbitMqHostConfiguration.ReceiveTransportRetryPolicy has no setter, so its backing
/// field is set. That MassTransit adds a second of its own to every attempt stays.
/// </summary>
internal static class ReconnectPolicy
{
    public static void UseFor(IRabbitMqBusFactoryConfigurator bus)
    {
        var host = bus.GetType().GetField("_hostConfiguration", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(bus);
        var policy = typeof(RabbitMqHostConfiguration).GetField(
            $"<{nameof(RabbitMqHostConfiguration.ReceiveTransportRetryPolicy)}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic);
        if (host is not RabbitMqHostConfiguration || policy is null)
            throw new InvalidOperationException("MassTransit's reconnect policy is no longer where 8.5.12 has it.");
        policy.SetValue(host, Retry.Exponential(
            int.MaxValue, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(250)));
    }
}
