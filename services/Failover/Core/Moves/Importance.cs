namespace Vprox.Failover.Core.Moves;

/// <summary>
/// Which address goes first when the API's budget does not last for all: most tunnels, then highest guarantee, then by address; what is
/// released waits for what is placed.
/// </summary>
public sealed class Importance : IComparer<AddressMove>
{
    private Importance()
    {
    }

    /// <summary>The order.</summary>
    public static Importance First { get; } = new();

    /// <inheritdoc/>
    public int Compare(AddressMove? x, AddressMove? y)
    {
        if (x is null || y is null) return (x is null).CompareTo(y is null);
        if (x.Desired is null || y.Desired is null)
            return x.Desired is null == y.Desired is null ? string.CompareOrdinal(x.Address, y.Address) : (x.Desired is null).CompareTo(y.Desired is null);
        if (x.Desired.Peers != y.Desired.Peers) return y.Desired.Peers.CompareTo(x.Desired.Peers);
        return x.Desired.GuaranteedMbps != y.Desired.GuaranteedMbps
            ? y.Desired.GuaranteedMbps.CompareTo(x.Desired.GuaranteedMbps)
            : string.CompareOrdinal(x.Address, y.Address);
    }
}
