using MassTransit;
using Vprox.Contracts;
using Vprox.Failover.Workers;

namespace Vprox.Failover.Consumers;

/// <summary>Hears nodes.</summary>
public sealed class NodeHeartbeatConsumer(NodeWatch watch) : IConsumer<NodeHeartbeat>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<NodeHeartbeat> context)
    {
        watch.Hear(context.Message);
        return Task.CompletedTask;
    }
}
