using MassTransit;
using Vprox.Contracts;
using Vprox.Failover.Workers;

namespace Vprox.Failover.Consumers;

/// <summary>Takes verdicts and operators' commands, as far as they matter to moves and replacements.</summary>
public sealed class StandingConsumer(ToldStandings standings)
    : IConsumer<NodeUnhealthy>, IConsumer<NodeRecovered>, IConsumer<FailNode>, IConsumer<DrainNode>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<NodeUnhealthy> context)
    {
        standings.Died(context.Message.NodeId);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<NodeRecovered> context)
    {
        standings.Recovered(context.Message.NodeId);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<FailNode> context)
    {
        standings.Ordered(context.Message.NodeId);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<DrainNode> context)
    {
        // With a reason it comes from EC2, by way of the node.
        if (context.Message.Reason is null) standings.Ordered(context.Message.NodeId);
        return Task.CompletedTask;
    }
}
