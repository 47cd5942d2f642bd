using System.Net;
using Vprox.Addressing;
using Vprox.Bench.Nodes;
using Vprox.Identity;
using Vprox.WireGuard;

namespace Vprox.Bench.Connects;

/// <summary>
/// Grants for one address, each for a key of its own. Inner addresses are given again and again: leases end when they are made, and verification
/// allows 30 s of clock difference.
/// </summary>
internal sealed class GrantSupply(NodeInput input)
{
    /// <summary>A grant and whose it is.</summary>
    public sealed record Item(WireGuardKey Key, string Token);

    /// <summary>Makes grants. They serve for 30 s.</summary>
    public IReadOnlyList<Item> Take(int count)
    {
        var placement = input.Placements[0];
        // Blocks would have to be granted along with theirs; the shared addresses are the many.
        IPAddress[] inner = [.. AddressLayout.SharedAddresses(placement.Inner)];
        var now = TimeProvider.System.GetUtcNow();
        var items = new Item[count];
        Parallel.For(0, count, index =>
        {
            var key = NodeInput.RandomKey();
            items[index] = new Item(key, input.Signer.Sign(new Grant
            {
                Address = placement.Address,
                PeerPublicKey = key,
                WorkspaceId = placement.Message.WorkspaceId,
                ProxyId = placement.Message.ProxyId,
                InnerAddresses = [inner[index % inner.Length]],
                PortBlocks = [],
                IssuedAt = now,
                ExpiresAt = now,
            }));
        });
        return items;
    }
}
