namespace Vprox.NodeAgent.Core.DataPlane.Counting;

/// <summary>What a node has counted, of one moment.</summary>
/// <param name="Addresses">What each address has sent and received, two entries for each.</param>
/// <param name="FirewallDrops">Packets that the node's firewall dropped since its table was made, of all addresses together, by reason, e.g. "internet_syn".</param>
public sealed record NodeTraffic(IReadOnlyList<AddressTraffic> Addresses, IReadOnlyDictionary<string, ulong> FirewallDrops)
{
    /// <summary>Nothing was counted.</summary>
    public static NodeTraffic Nothing { get; } = new([], new Dictionary<string, ulong>());
}
