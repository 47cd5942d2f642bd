using System.Net;
using Vprox.Addressing;

namespace Vprox.Allocator.Core;

/// <summary>
/// Gives inner addresses, and with them port blocks, to the tunnels of one static address. A tunnel keeps what it has and may grow; one
/// that found no block free shares the rest of the ports for its life, because its connections are bound to its inner address.
/// </summary>
public static class BlockAllocator
{
    /// <summary>The inner addresses the tunnel shall have: those it has, first, and new ones.</summary>
    /// <param name="inner">The static address's inner /22.</param>
    /// <param name="own">What the tunnel has; empty for a new one.</param>
    /// <param name="taken">What the other tunnels have.</param>
    /// <param name="wanted">Blocks wanted in all; no fewer are kept than it has.</param>
    /// <param name="blocks">How the address divides its ports.</param>
    /// <returns>Empty when neither a block nor a shared inner address is free.</returns>
    public static IReadOnlyList<IPAddress> Allocate(
        Ipv4Prefix inner, IReadOnlyCollection<IPAddress> own, IReadOnlySet<IPAddress> taken, int wanted, BlockLayout blocks)
    {
        var kept = own.OrderBy(inner.OffsetOf).ToList();
        if (kept.Exists(address => blocks.BlockOf(inner, address) is null))
            return kept;
        kept.AddRange(Enumerable.Range(0, blocks.Count)
            .Select(block => blocks.AddressOf(inner, block))
            .Where(address => !taken.Contains(address) && !kept.Contains(address))
            .Take(Math.Max(0, wanted - kept.Count))
            .ToList());
        return kept.Count > 0 ? kept : blocks.SharedAddresses(inner).Where(address => !taken.Contains(address)).Take(1).ToList();
    }

    /// <summary>The port block of each inner address, in order; empty for a tunnel that shares.</summary>
    public static IReadOnlyList<PortRange> PortsOf(Ipv4Prefix inner, IEnumerable<IPAddress> addresses, BlockLayout blocks) =>
        addresses.Select(address => blocks.BlockOf(inner, address)).OfType<int>()
            .Select(blocks.PortsOf).ToList();
}
