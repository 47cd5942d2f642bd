using MassTransit;
using Vprox.Allocator.Core;
using Vprox.Allocator.Transactions;
using Vprox.Bus.Messaging;
using Vprox.Contracts;

namespace Vprox.Allocator.Consumers;

/// <summary>What nodes say of themselves.</summary>
public sealed class NodeConsumer(RecordNode record) : IConsumer<NodeJoined>, IConsumer<NodeAddressesChanged>
{
    public Task Consume(ConsumeContext<NodeJoined> context) => NodeValidator.Error(context.Message) is { } error
        ? throw new MalformedMessageException($"NodeJoined of {context.Message.NodeId}: {error}")
        : record.HandleAsync(context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<NodeAddressesChanged> context) => NodeValidator.Error(context.Message.NetworkInterfaces) is { } error
        ? throw new MalformedMessageException($"NodeAddressesChanged of {context.Message.NodeId}: {error}")
        : record.HandleAsync(context.Message, context.CancellationToken);
}
