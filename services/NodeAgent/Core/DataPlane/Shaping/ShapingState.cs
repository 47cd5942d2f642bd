namespace Vprox.NodeAgent.Core.DataPlane.Shaping;

/// <summary>Traffic control of ours in a node's kernel, as it was read or as it shall be.</summary>
public sealed record ShapingState
{
    /// <summary>Nothing of ours.</summary>
    public static ShapingState None { get; } = new()
    {
        Blocks = new Dictionary<string, bool>(),
        Objects = new Dictionary<TrafficKey, TrafficObject>(),
        Foreign = new HashSet<TrafficKey>(),
    };

    /// <summary>Our intermediate functional blocks (ifb) by name; true for those that are up.</summary>
    public required IReadOnlyDictionary<string, bool> Blocks { get; init; }

    /// <summary>Qdiscs, classes and filters; of a desired state in the order in which they can be made.</summary>
    public required IReadOnlyDictionary<TrafficKey, TrafficObject> Objects { get; init; }

    /// <summary>Where a qdisc of ours would stand and somebody else's does: as a link's root, or as its ingress qdisc. Never in a desired state.</summary>
    public required IReadOnlySet<TrafficKey> Foreign { get; init; }
}
