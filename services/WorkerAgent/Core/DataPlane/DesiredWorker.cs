using Vprox.Addressing;

namespace Vprox.WorkerAgent.Core;

/// <summary>Everything this worker's kernel shall hold for Vprox.</summary>
public sealed record DesiredWorker
{
    /// <summary>Nothing but the kill switch's empty table.</summary>
    public static DesiredWorker Empty { get; } = new() { Containers = [], Tunnels = [], Guard = new() };

    /// <summary>Containers that leave through a tunnel or not at all, one per address.</summary>
    public required IReadOnlyList<DesiredContainer> Containers { get; init; }

    /// <summary>The tunnels, one per slot.</summary>
    public required IReadOnlyList<DesiredTunnel> Tunnels { get; init; }

    /// <summary>Slots whose interface may be there already: their tunnel is being asked for.</summary>
    public IReadOnlyList<int> Prepared { get; init; } = [];

    /// <summary>What is closed whoever is behind it.</summary>
    public required Guard Guard { get; init; }

    /// <summary>True when a kernel that holds the one holds the other.</summary>
    public bool IsSameAs(DesiredWorker other) =>
        Guard == other.Guard && Containers.SequenceEqual(other.Containers) && Prepared.SequenceEqual(other.Prepared)
        && Tunnels.Count == other.Tunnels.Count && Tunnels.Zip(other.Tunnels).All(pair => AreSame(pair.First, pair.Second));

    // A record compares its lists by reference.
    private static bool AreSame(DesiredTunnel one, DesiredTunnel other) =>
        one.InnerAddresses.SequenceEqual(other.InnerAddresses) && one.Blocks.SequenceEqual(other.Blocks)
        && one with { InnerAddresses = other.InnerAddresses, Blocks = other.Blocks } == other;
}

/// <summary>What the operator closed from the agent's start on, before any event arrives.</summary>
public sealed record Guard
{
    /// <summary>Interfaces from which nothing leaves outside a tunnel.</summary>
    public IReadOnlyList<string> Interfaces { get; init; } = [];

    /// <summary>Subnets from which nothing leaves outside a tunnel.</summary>
    public IReadOnlyList<Ipv4Prefix> Subnets { get; init; } = [];

    /// <summary>Links that lead to those subnets: an IPv6 packet does not say which IPv4 subnet its sender is in, so it is closed by its link.</summary>
    public IReadOnlyList<string> SubnetLinks { get; init; } = [];

    /// <summary>True lets containers ask the host itself for names; the host then asks the world from its own address.</summary>
    public bool AllowHostDns { get; init; }

    /// <summary>True when this kernel has conntrack timeout policies (CONFIG_NF_CT_NETLINK_TIMEOUT), so that a port is free again soon.</summary>
    public bool ShortTimeWait { get; init; } = true;
}
