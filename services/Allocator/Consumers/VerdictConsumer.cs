using MassTransit;
using Vprox.Allocator.Transactions;
using Vprox.Contracts;

namespace Vprox.Allocator.Consumers;

/// <summary>vprox.allocator.verdicts: what Failover and operators say of nodes.</summary>
public sealed class VerdictConsumer(JudgeNode judge)
    : IConsumer<NodeUnhealthy>, IConsumer<NodeRecovered>, IConsumer<NodeDraining>, IConsumer<CordonNode>, IConsumer<UncordonNode>
{
    public Task Consume(ConsumeContext<NodeUnhealthy> context) =>
        judge.MarkUnhealthyAsync(context.Message.NodeId, context.Message.At, context.CancellationToken);

    public Task Consume(ConsumeContext<NodeRecovered> context) =>
        judge.MarkRecoveredAsync(context.Message.NodeId, context.Message.At, context.CancellationToken);

    public Task Consume(ConsumeContext<NodeDraining> context) =>
        judge.MarkDrainingAsync(context.Message.NodeId, context.Message.At, context.CancellationToken);

    public Task Consume(ConsumeContext<CordonNode> context) => judge.CordonAsync(context.Message.NodeId, context.CancellationToken);

    public Task Consume(ConsumeContext<UncordonNode> context) => judge.UncordonAsync(context.Message.NodeId, context.CancellationToken);
}
