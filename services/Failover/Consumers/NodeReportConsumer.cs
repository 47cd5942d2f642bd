using MassTransit;
using Vprox.Contracts;
using Vprox.Failover.Core.Liveness;
using Vprox.Failover.Workers;

namespace Vprox.Failover.Consumers;

/// <summary>Takes what nodes say of themselves: their ENIs, what IMDS shows them, what they are prepared for and what they serve.</summary>
public sealed class NodeReportConsumer(Fleet fleet, NodeWatch watch)
    : IConsumer<NodeJoined>, IConsumer<NodeAddressesChanged>, IConsumer<StaticIpPrepared>, IConsumer<StaticIpServing>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<NodeJoined> context)
    {
        fleet.Know(context.Message, isReport: true);
        watch.Know(context.Message);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<NodeAddressesChanged> context)
    {
        fleet.Report(context.Message);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<StaticIpPrepared> context)
    {
        fleet.Prepared(context.Message);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<StaticIpServing> context)
    {
        fleet.Serving(context.Message);
        watch.Observe(new Observation.Serving(context.Message.Address, context.Message.NodeId));
        return Task.CompletedTask;
    }
}
