using MassTransit;
using Vprox.Addressing;
using Vprox.Bus.Messaging;
using Vprox.Contracts;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Workers;

namespace Vprox.NodeAgent.Consumers;

/// <summary>EC2 has moved an address: to this node, from it, or between others.</summary>
public sealed class IpReassignedConsumer(NodeState state, Signals signals) : IConsumer<IpReassigned>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<IpReassigned> context)
    {
        var message = context.Message;
        if (!Ipv4.TryParse(message.Address, out var address))
            throw new MalformedMessageException($"Address \"{message.Address}\" is not an IPv4 address");
        if (message.ToNodeId != state.NodeId && message.FromNodeId != state.NodeId)
            return Task.CompletedTask;
        signals.Metadata.Raise();
        // The placement that this carried out never came.
        if (message.ToNodeId == state.NodeId && (state.Find(address)?.Generation ?? 0) < message.Generation)
            signals.Snapshot.Raise();
        return Task.CompletedTask;
    }
}
