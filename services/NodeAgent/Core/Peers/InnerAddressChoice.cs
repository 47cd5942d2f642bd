using System.Buffers.Binary;
using System.Net;
using Vprox.Addressing;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core.Peers;

/// <summary>
/// Chooses the inner addresses of a tunnel, and with them its port blocks, where no Allocator does. The search begins where the tunnel's key says, so
/// that a server that knows nothing gives the same tunnel the same addresses as a rule. Pure.
/// </summary>
public static class InnerAddressChoice
{
    /// <summary>Chooses; empty when no inner address is free.</summary>
    /// <param name="inner">The static address's inner subnet.</param>
    /// <param name="layout">Its port blocks.</param>
    /// <param name="key">The tunnel's key.</param>
    /// <param name="wish">What it would like. It comes from outside: what is not an inner address of a block here is passed over.</param>
    /// <param name="isFree">Whether no other tunnel has an inner address.</param>
    public static IReadOnlyList<IPAddress> Choose(Ipv4Prefix inner, BlockLayout layout, WireGuardKey key, PortWish wish, Func<IPAddress, bool> isFree)
    {
        if (wish.Blocks > 0)
        {
            var blocks = Enumerable.Range(0, layout.Count).Select(block => layout.AddressOf(inner, block)).ToList();
            var chosen = wish.Preferred.Where(address => layout.BlockOf(inner, address) is not null)
                .Concat(From(blocks, key))
                .Distinct().Where(isFree).Take(wish.Blocks).ToList();
            if (chosen.Count > 0)
                return chosen;
        }
        return [.. From([.. layout.SharedAddresses(inner)], key).Where(isFree).Take(1)];
    }

    // Public keys are as good as random, so their first bytes spread the tunnels.
    private static IEnumerable<IPAddress> From(List<IPAddress> addresses, WireGuardKey key)
    {
        var start = (int)(BinaryPrimitives.ReadUInt32BigEndian(key.ToArray()) % (uint)addresses.Count);
        return addresses.Skip(start).Concat(addresses.Take(start));
    }
}
