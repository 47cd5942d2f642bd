using System.Net;
using Vprox.Addressing;
using Vprox.WireGuard;

namespace Vprox.Identity;

/// <summary>The right of one tunnel to connect to one static address.</summary>
public sealed record Grant
{
    /// <summary>The static address; the token's audience.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The tunnel's WireGuard public key; the token's subject.</summary>
    public required WireGuardKey PeerPublicKey { get; init; }

    /// <summary>The workspace that owns the proxy.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>The proxy the address belongs to.</summary>
    public required string ProxyId { get; init; }

    /// <summary>The tunnel's inner addresses, at least one.</summary>
    public required IReadOnlyList<IPAddress> InnerAddresses { get; init; }

    /// <summary>The port block of each inner address, in the same order; empty when the tunnel shares the rest of the ports.</summary>
    public required IReadOnlyList<PortRange> PortBlocks { get; init; }

    /// <summary>When it was made, to the millisecond: of two grants of one tunnel the newer one holds.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>
    /// Null when the inner addresses lie in the subnet and own exactly the port blocks named, as the address divides it;
    /// otherwise what is wrong, in words.
    /// </summary>
    /// <param name="inner">The static address's inner /22.</param>
    /// <param name="blocks">How it divides its ports.</param>
    public string? Misfit(Ipv4Prefix inner, BlockLayout blocks)
    {
        if (InnerAddresses.Count == 0)
            return "it names no inner address";
        if (InnerAddresses.Distinct().Count() != InnerAddresses.Count)
            return "it names an inner address twice";
        var last = inner.Count - 1;
        foreach (var address in InnerAddresses)
        {
            if (!inner.Contains(address) || inner.OffsetOf(address) < 2 || inner.OffsetOf(address) == last)
                return $"{address} is not a client's address in {inner}";
        }
        var owned = InnerAddresses.Select(address => blocks.BlockOf(inner, address)).ToList();
        if (PortBlocks.Count == 0)
            return owned.All(block => block is null) ? null : "an inner address owns a port block that is not named";
        return PortBlocks.Select(ports => (PortRange?)ports)
            .SequenceEqual(owned.Select(block => block is { } index ? blocks.PortsOf(index) : (PortRange?)null))
            ? null
            : "its port blocks are not those of its inner addresses";
    }
}
