using Vprox.Contracts;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.Placements;

namespace Vprox.NodeAgent.Workers;

/// <summary>Says what a change of the kernel brought about: to peers, to the others, and in the log.</summary>
public sealed class Announcements(NodeState state, HandshakeLoop handshakes, EventQueue events, ILogger<Announcements> logger)
{
    /// <summary>Says it.</summary>
    public void Say(NodeChanges changes)
    {
        handshakes.Begin(changes.Arrived);
        foreach (var placement in changes.Prepared)
        {
            logger.Prepared(placement.Message.Address, state.NodeId, placement.Generation);
            events.Add(Prepared(placement));
        }
        foreach (var placement in changes.Serving)
        {
            logger.Serving(placement.Message.Address, state.NodeId, placement.Generation);
            events.Add(Serving(placement));
        }
    }

    /// <summary>What stands ready now, for those who may have missed it.</summary>
    public IEnumerable<StaticIpPrepared> Prepared() => state.Prepared.Select(Prepared);

    /// <summary>What serves now, for those who may have missed it.</summary>
    public IEnumerable<StaticIpServing> Serving() => state.Serving.Select(Serving);

    private StaticIpPrepared Prepared(Placement placement) =>
        new() { Address = placement.Message.Address, NodeId = state.NodeId, Generation = placement.Generation };

    private StaticIpServing Serving(Placement placement) =>
        new() { Address = placement.Message.Address, NodeId = state.NodeId, Generation = placement.Generation };
}
