using System.Net;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core.Peers;

/// <summary>A tunnel that may connect, as its grant says.</summary>
/// <param name="PublicKey">The tunnel's key.</param>
/// <param name="InnerAddresses">The inner addresses it was given; empty lets the node choose one that has no block.</param>
/// <param name="GrantedAt">When the grant was issued.</param>
/// <param name="LeaseExpiresAt">When the grant ends; null when it has no end.</param>
public sealed record ConnectRequest(
    WireGuardKey PublicKey, IReadOnlyList<IPAddress> InnerAddresses, DateTimeOffset GrantedAt, DateTimeOffset? LeaseExpiresAt)
{
    /// <summary>What the tunnel would like where the node chooses its inner addresses; null takes the lowest free one without a block.</summary>
    public PortWish? Wish { get; init; }

    /// <summary>The request for some of its inner addresses; null when it would be left with none.</summary>
    /// <param name="only">The client's choice; empty means all.</param>
    public ConnectRequest? Only(IReadOnlyCollection<IPAddress> only)
    {
        if (only.Count == 0)
            return this;
        var chosen = InnerAddresses.Where(only.Contains).ToList();
        return chosen.Count > 0 ? this with { InnerAddresses = chosen } : null;
    }
}
