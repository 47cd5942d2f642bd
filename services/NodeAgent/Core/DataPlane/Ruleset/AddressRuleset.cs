namespace Vprox.NodeAgent.Core.DataPlane.Ruleset;

/// <summary>The translation of one static address: two chains of a rule each, over the maps that all addresses of its block size share (<see cref="BlockRuleset"/>).</summary>
internal static class AddressRuleset
{
    /// <summary>Element of the map "arriving": where packets to the private address go on.</summary>
    public static string Arriving(DesiredAddress address) => $"{address.PrivateAddress} : goto {In(address)}";

    /// <summary>Element of the map "strays": where a FIN or RST to the private address goes on that conntrack takes for invalid.</summary>
    public static string Stray(DesiredAddress address) => $"{address.PrivateAddress} : goto {StrayIn(address)}";

    /// <summary>
    /// The chains. nft cannot add a map's answer to a constant, but it can write it into the packet and then add what the packet holds: the
    /// destination first becomes the offset of the port's block, with checksums kept right, and is then translated to that offset of the
    /// address's subnet. A port of no block matches no element, and the packet stays as it is.
    /// </summary>
    public static IEnumerable<NftObject> Objects(DesiredAddress address)
    {
        var offsets = BlockRuleset.Offsets(address.BlockSize);
        yield return NftObject.Chain(In(address), $"meta l4proto {{ tcp, udp }} ip daddr set th dport map @{offsets} dnat ip to ip daddr | {address.Inner.Network}");
        yield return NftObject.Chain(StrayIn(address), $"ip daddr set tcp dport map @{offsets} ip daddr set ip daddr | {address.Inner.Network} meta mark set 0x00000056");
    }

    private static string In(DesiredAddress address) => $"in{address.ListenPort}";

    private static string StrayIn(DesiredAddress address) => $"stray{address.ListenPort}";
}
