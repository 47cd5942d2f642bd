using MassTransit;
using Vprox.Allocator.Core;
using Vprox.Allocator.Transactions;
using Vprox.Bus.Messaging;
using Vprox.Contracts;

namespace Vprox.Allocator.Consumers;

/// <summary>What nodes say of themselves, and what Failover and operators say of nodes.</summary>
public sealed class NodeConsumer(RecordNode record, JudgeNode judge)
    : IConsumer<NodeJoined>, IConsumer<NodeAddressesChanged>, IConsumer<NodeUnhealthy>, IConsumer<NodeRecovered>, IConsumer<NodeDraining>,
      IConsumer<CordonNode>, IConsumer<UncordonNode>
{
    public Task Consume(ConsumeContext<NodeJoined> context) => NodeValidator.Error(context.Message) is { } error
        ? throw new MalformedMessageException($"NodeJoined of {context.Message.NodeId}: {error}")
        : record.HandleAsync(context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<NodeAddressesChanged> context) => NodeValidator.Error(context.Message.NetworkInterfaces) is { } error
        ? throw new MalformedMessageException($"NodeAddressesChanged of {context.Message.NodeId}: {error}")
        : record.HandleAsync(context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<NodeUnhealthy> context) =>
        judge.MarkUnhealthyAsync(context.Message.NodeId, context.Message.At, context.CancellationToken);

    public Task Consume(ConsumeContext<NodeRecovered> context) =>
        judge.MarkRecoveredAsync(context.Message.NodeId, context.Message.At, context.CancellationToken);

    public Task Consume(ConsumeContext<NodeDraining> context) =>
        judge.MarkDrainingAsync(context.Message.NodeId, context.Message.At, context.CancellationToken);

    public Task Consume(ConsumeContext<CordonNode> context) => judge.CordonAsync(context.Message.NodeId, context.CancellationToken);

    public Task Consume(ConsumeContext<UncordonNode> context) => judge.UncordonAsync(context.Message.NodeId, context.CancellationToken);
}
