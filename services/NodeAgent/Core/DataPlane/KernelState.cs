using Vprox.Netlink;
using Vprox.NodeAgent.Core.DataPlane.Ruleset;
using Vprox.NodeAgent.Core.DataPlane.Shaping;

namespace Vprox.NodeAgent.Core.DataPlane;

/// <summary>All that is ours in a node's kernel, as it was read or as it shall be. Foreign things are never in it.</summary>
public sealed record KernelState
{
    /// <summary>A kernel without anything of ours.</summary>
    public static KernelState Empty { get; } = new()
    {
        Tunnels = new Dictionary<string, TunnelInterface>(),
        LinksUp = new HashSet<string>(),
        Addresses = new HashSet<KernelAddress>(),
        Routes = new HashSet<KernelRoute>(),
        Rules = new HashSet<RuleSpec>(),
        Sysctls = new Dictionary<string, string>(),
        Ruleset = null,
        Shaping = ShapingState.None,
    };

    /// <summary>WireGuard interfaces by name.</summary>
    public required IReadOnlyDictionary<string, TunnelInterface> Tunnels { get; init; }

    /// <summary>ENIs that are up. One that was plugged in while the system ran may be down on distributions that leave it to others.</summary>
    public required IReadOnlySet<string> LinksUp { get; init; }

    /// <summary>Addresses on our tunnels, and static private addresses on ENIs.</summary>
    public required IReadOnlySet<KernelAddress> Addresses { get; init; }

    /// <summary>Routes of our protocol number in addresses' tables.</summary>
    public required IReadOnlySet<KernelRoute> Routes { get; init; }

    /// <summary>Policy rules of our protocol number, see <see cref="DesiredKernel.IsOurs(RuleSpec)"/>.</summary>
    public required IReadOnlySet<RuleSpec> Rules { get; init; }

    /// <summary>Settings below /proc/sys by path, e.g. net/ipv4/ip_forward. They stay when everything else goes.</summary>
    public required IReadOnlyDictionary<string, string> Sysctls { get; init; }

    /// <summary>Our nft table; null when there is none.</summary>
    public required NftTable? Ruleset { get; init; }

    /// <summary>Traffic control.</summary>
    public required ShapingState Shaping { get; init; }
}
