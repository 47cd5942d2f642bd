using System.Net;
using Vprox.WireGuard;

namespace Vprox.WorkerAgent.Core;

/// <summary>What the kernel holds of ours, and which slots are somebody else's.</summary>
public sealed record ObservedWorker
{
    /// <summary>A kernel that never saw us.</summary>
    public static ObservedWorker Nothing { get; } = new()
    {
        Ruleset = null, Forwarding = false, Interfaces = [], Rules = [], Routes = [], ForeignSlots = new HashSet<int>(),
    };

    /// <summary>The ruleset in force as it was given to the kernel; null when there is none or somebody changed it.</summary>
    public required string? Ruleset { get; init; }

    /// <summary>True when IPv4 forwarding is on.</summary>
    public required bool Forwarding { get; init; }

    /// <summary>Our interfaces.</summary>
    public required IReadOnlyList<ObservedInterface> Interfaces { get; init; }

    /// <summary>Rules with our protocol number.</summary>
    public required IReadOnlyList<ContainerRule> Rules { get; init; }

    /// <summary>Routes with our protocol number.</summary>
    public required IReadOnlyList<TunnelRoute> Routes { get; init; }

    /// <summary>Slots whose interface name or table somebody else uses; never ours to touch.</summary>
    public required IReadOnlySet<int> ForeignSlots { get; init; }
}

/// <summary>One of our interfaces.</summary>
public sealed record ObservedInterface
{
    /// <summary>Its slot.</summary>
    public required int Slot { get; init; }

    /// <summary>True when it is administratively up.</summary>
    public required bool Up { get; init; }

    /// <summary>Its MTU.</summary>
    public required int Mtu { get; init; }

    /// <summary>True when rp_filter is 2 (loose): answers arrive from everywhere.</summary>
    public required bool LooseReversePath { get; init; }

    /// <summary>Its IPv4 addresses.</summary>
    public required IReadOnlyList<IPAddress> Addresses { get; init; }

    /// <summary>Its WireGuard side; null when nothing answers for it.</summary>
    public required Device? Device { get; init; }
}
