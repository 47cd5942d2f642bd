using MassTransit;
using Vprox.Contracts;
using Vprox.Failover.Workers;

namespace Vprox.Failover.Consumers;

/// <summary>Hears nodes.</summary>
public sealed class NodeHeartbeatConsumer(LivenessLoop liveness) : IConsumer<NodeHeartbeat>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<NodeHeartbeat> context)
    {
        liveness.Hear(context.Message);
        return Task.CompletedTask;
    }
}
