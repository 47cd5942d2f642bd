using MassTransit;
using Vprox.Contracts;
using Vprox.Failover.Workers;

namespace Vprox.Failover.Consumers;

/// <summary>Hears what workers lose and get back.</summary>
public sealed class TunnelConsumer(NodeWatch watch) : IConsumer<TunnelLost>, IConsumer<TunnelRestored>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<TunnelLost> context)
    {
        watch.Hear(context.Message);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<TunnelRestored> context)
    {
        watch.Hear(context.Message);
        return Task.CompletedTask;
    }
}
