using Vprox.Addressing;
using Vprox.Nftables;

namespace Vprox.NodeAgent.Core.DataPlane.Ruleset;

/// <summary>
/// The translation of one static address: two maps and three chains of its own. With all addresses in one map, taking one of 240 away would cost
/// 1.5 s, because libnftables reads a whole interval map to delete from it; so it costs 0.1 s.
/// </summary>
internal static class AddressRuleset
{
    /// <summary>Element of the map "arriving": where packets to the private address go on.</summary>
    public static string Arriving(DesiredAddress address) => $"{address.PrivateAddress} : goto {In(address)}";

    /// <summary>Element of the map "leaving": where packets from the tunnel go on.</summary>
    public static string Leaving(DesiredAddress address) => $"{NftName.Interface(TunnelName.Of(address.ListenPort))} : goto {Out(address)}";

    /// <summary>Element of the map "strays": where a FIN or RST to the private address goes on that conntrack takes for invalid.</summary>
    public static string Stray(DesiredAddress address) => $"{address.PrivateAddress} : goto {StrayIn(address)}";

    /// <summary>
    /// Maps and chains. A port of a block belongs to the block's inner address, in both directions; a worker that sends from outside its block
    /// is mapped into it. Inner addresses without a block share one range. Echo requests keep their id where it is free.
    /// </summary>
    public static IEnumerable<NftObject> Objects(DesiredAddress address)
    {
        var layout = new BlockLayout(address.BlockSize);
        var blocks = Enumerable.Range(0, layout.Count)
            .Select(block => (Ports: layout.PortsOf(block), Inner: layout.AddressOf(address.Inner, block)))
            .ToList();
        yield return new NftObject
        {
            Kind = "map",
            Name = In(address),
            Definition = ["type inet_service : ipv4_addr", "flags interval"],
            Elements = blocks.Select(block => $"{block.Ports} : {block.Inner}").ToHashSet(),
        };
        yield return new NftObject
        {
            Kind = "map",
            Name = Out(address),
            Definition = ["type ipv4_addr : interval ipv4_addr . inet_service"],
            Elements = blocks.Select(block => $"{block.Inner} : {address.PrivateAddress} . {block.Ports}").ToHashSet(),
        };
        yield return Chain(In(address), $"meta l4proto {{ tcp, udp }} dnat ip to th dport map @{In(address)}");
        yield return Chain(StrayIn(address), $"ip daddr set tcp dport map @{In(address)} meta mark set 0x00000056");
        yield return Chain(
            Out(address),
            $"meta l4proto {{ tcp, udp }} snat ip to ip saddr map @{Out(address)}",
            $"meta l4proto {{ tcp, udp }} snat ip to {address.PrivateAddress}:{AddressLayout.SharedPorts}",
            $"snat ip to {address.PrivateAddress}");
    }

    private static string In(DesiredAddress address) => $"in{address.ListenPort}";

    private static string Out(DesiredAddress address) => $"out{address.ListenPort}";

    private static string StrayIn(DesiredAddress address) => $"stray{address.ListenPort}";

    private static NftObject Chain(string name, params string[] rules) => new() { Kind = "chain", Name = name, Definition = [], Rules = rules };
}
