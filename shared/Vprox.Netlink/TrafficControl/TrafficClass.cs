namespace Vprox.Netlink;

/// <summary>A class as it was observed.</summary>
public sealed record TrafficClass
{
    /// <summary>Its link.</summary>
    public required int LinkIndex { get; init; }

    /// <summary>Its id.</summary>
    public required TrafficHandle ClassId { get; init; }

    /// <summary>The class above it; <see cref="TrafficHandle.Root"/> when that is the qdisc.</summary>
    public required TrafficHandle Parent { get; init; }

    /// <summary>Handle of the qdisc in it; 0: when it is the kernel's default, or when the class is none for packets.</summary>
    public TrafficHandle Leaf { get; init; }

    /// <summary>Rates of an HTB class; null for other kinds.</summary>
    public HtbClassSpec? Spec { get; init; }

    /// <summary>What it has counted; of drops only those on the way into its qdisc, whose own count has them all.</summary>
    public TrafficStatistics Statistics { get; init; }
}
