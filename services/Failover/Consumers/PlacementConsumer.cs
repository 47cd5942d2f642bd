using MassTransit;
using Vprox.Contracts;
using Vprox.Failover.Workers;

namespace Vprox.Failover.Consumers;

/// <summary>Takes what the Allocator places and releases, and where nodes' ENIs are. The reconciler does the rest.</summary>
public sealed class PlacementConsumer(Fleet fleet) : IConsumer<StaticIpPlaced>, IConsumer<StaticIpReleased>, IConsumer<NodeJoined>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<StaticIpPlaced> context)
    {
        fleet.Place(context.Message);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<StaticIpReleased> context)
    {
        fleet.Release(context.Message);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<NodeJoined> context)
    {
        fleet.Know(context.Message);
        return Task.CompletedTask;
    }
}
