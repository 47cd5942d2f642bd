using Vprox.Bus.Messaging;
using Vprox.Contracts;

namespace Vprox.Allocator.Consumers;

/// <summary>The queues the Allocator listens to. News of one node, address or proxy is handled in its order.</summary>
public static class AllocatorQueues
{
    public static void Add(VproxBusBuilder bus) => bus
        .PlainJsonQueue<ProxyRequested, ProxyRequestedConsumer>(
            QueueNames.AllocatorProxyRequested, QueueKind.Quorum, queue => queue.OrderedBy<ProxyRequested>(message => message.ProxyId))
        .PlainJsonQueue<ProxyReleased, ProxyReleasedConsumer>(
            QueueNames.AllocatorProxyReleased, QueueKind.Quorum, queue => queue.OrderedBy<ProxyReleased>(message => message.ProxyId))
        .Queue(QueueNames.AllocatorVerdicts, QueueKind.Quorum, queue => queue
            .Consumer<VerdictConsumer>()
            .OrderedBy<NodeUnhealthy>(message => message.NodeId)
            .OrderedBy<NodeRecovered>(message => message.NodeId)
            .OrderedBy<NodeDraining>(message => message.NodeId)
            .OrderedBy<CordonNode>(message => message.NodeId)
            .OrderedBy<UncordonNode>(message => message.NodeId))
        .Queue(QueueNames.Allocator, QueueKind.Quorum, queue => queue
            .Consumer<NodeConsumer>()
            .Consumer<PlacementConsumer>()
            .Consumer<TunnelConsumer>()
            .OrderedBy<NodeJoined>(message => message.NodeId)
            .OrderedBy<NodeAddressesChanged>(message => message.NodeId)
            .OrderedBy<StaticIpServing>(message => message.Address)
            .OrderedBy<PeerAdded>(message => message.Address)
            .OrderedBy<PeerRemoved>(message => message.Address));
}
