using System.Net;
using Vprox.Addressing;
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

    /// <summary>The ruleset in force; null when there is none, somebody changed it, or nobody knows.</summary>
    public required Ruleset? Ruleset { get; init; }

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

    /// <summary>The host's own routes that lead to a link without a gateway.</summary>
    public IReadOnlyList<OnLinkRoute> OnLinkRoutes { get; init; } = [];

    /// <summary>The links behind which hosts of a subnet are: those of the routes into it, or else the one of the narrowest route around it.</summary>
    public IEnumerable<string> LinksTo(Ipv4Prefix subnet)
    {
        var within = OnLinkRoutes.Where(route => subnet.Contains(route.Destination)).ToList();
        return (within.Count > 0 ? within : OnLinkRoutes.Where(route => route.Destination.Contains(subnet)).OrderByDescending(route => route.Destination.Length).Take(1))
            .Select(route => route.Link);
    }
}

/// <summary>A route of the host to a link of its own.</summary>
public sealed record OnLinkRoute(Ipv4Prefix Destination, string Link);

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

    /// <summary>True when it has neither addresses nor peers: no tunnel has been made of it.</summary>
    public bool IsBare => Addresses.Count == 0 && (Device is null || Device.Peers.Count == 0);
}
