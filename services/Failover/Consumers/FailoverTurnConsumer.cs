using MassTransit;
using Vprox.Failover.Core.Turns;
using Vprox.Failover.Workers;

namespace Vprox.Failover.Consumers;

/// <summary>Learns that this replica is the queue's active consumer.</summary>
public sealed class FailoverTurnConsumer(ActiveReplica replica) : IConsumer<FailoverTurn>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<FailoverTurn> context)
    {
        replica.Hear(context.Message);
        return Task.CompletedTask;
    }
}
