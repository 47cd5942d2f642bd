using MassTransit;
using Vprox.Contracts;
using Vprox.Failover.Workers;

namespace Vprox.Failover.Consumers;

/// <summary>Takes what the Allocator places and releases. The loop of moves does the rest.</summary>
public sealed class PlacementConsumer(Fleet fleet) : IConsumer<StaticIpPlaced>, IConsumer<StaticIpReleased>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<StaticIpPlaced> context)
    {
        fleet.Place(context.Message);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<StaticIpReleased> context) => fleet.ReleaseAsync(context.Message, context.CancellationToken);
}
