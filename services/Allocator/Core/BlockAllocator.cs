using System.Net;
using Vprox.Addressing;

namespace Vprox.Allocator.Core;

/// <summary>
/// Gives inner addresses, and with them port blocks, to the tunnels of one static address. A tunnel keeps what it has and may grow; one
/// that found no block free shares the rest of the ports for its life, because its connections are bound to its inner address.
/// </summary>
public static class BlockAllocator
{
    /// <summary>Blocks a tunnel starts with when it asks for no number.</summary>
    public const int DefaultBlocks = 2;

    /// <summary>The inner addresses the tunnel shall have: those it has, first, and new ones.</summary>
    /// <param name="inner">The static address's inner /22.</param>
    /// <param name="own">What the tunnel has; empty for a new one.</param>
    /// <param name="taken">What the other tunnels have.</param>
    /// <param name="wanted">Blocks wanted in all; null means the default for a new tunnel and no growth for a known one.</param>
    /// <returns>Empty when neither a block nor a shared inner address is free.</returns>
    public static IReadOnlyList<IPAddress> Allocate(
        Ipv4Prefix inner, IReadOnlyCollection<IPAddress> own, IReadOnlySet<IPAddress> taken, int? wanted)
    {
        var kept = own.OrderBy(inner.OffsetOf).ToList();
        if (kept.Exists(address => AddressLayout.BlockOf(inner, address) is null))
            return kept;
        var count = wanted ?? (kept.Count > 0 ? kept.Count : DefaultBlocks);
        kept.AddRange(Enumerable.Range(0, AddressLayout.BlockCount)
            .Select(block => AddressLayout.AddressOfBlock(inner, block))
            .Where(address => !taken.Contains(address) && !kept.Contains(address))
            .Take(Math.Max(0, count - kept.Count))
            .ToList());
        return kept.Count > 0 ? kept : AddressLayout.SharedAddresses(inner).Where(address => !taken.Contains(address)).Take(1).ToList();
    }

    /// <summary>The port block of each inner address, in order; empty for a tunnel that shares.</summary>
    public static IReadOnlyList<PortRange> PortsOf(Ipv4Prefix inner, IEnumerable<IPAddress> addresses) =>
        addresses.Select(address => AddressLayout.BlockOf(inner, address)).OfType<int>().Select(AddressLayout.PortsOfBlock).ToList();
}
