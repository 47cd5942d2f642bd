using Vprox.Addressing;
using Vprox.Netlink;
using Vprox.NodeAgent.Core.DataPlane.Ruleset;
using Vprox.NodeAgent.Core.DataPlane.Shaping;

namespace Vprox.NodeAgent.Core.DataPlane;

/// <summary>What the kernel shall hold for a desired node.</summary>
public static class DesiredKernel
{
    /// <summary>WireGuard's usual MTU: 1500 less 80 bytes of encapsulation over IPv6.</summary>
    public const int TunnelMtu = 1420;

    // Before the main table's 32766. Tunnels first: their packets are the many.
    private const uint InnerRulePriority = 8600;
    private const uint TunnelRulePriority = 8601;
    private const uint MarkRulePriority = 8602;
    private const uint SourceRulePriority = 8603;

    private const byte InnerLength = 8;

    // Worse than any other route of its table, as ip writes it for the last resort.
    private const uint LastResortMetric = uint.MaxValue;
    private static readonly Ipv4Prefix Everything = Ipv4Prefix.Parse("0.0.0.0/0");

    /// <summary>Builds the state.</summary>
    /// <exception cref="ArgumentException">Two addresses contradict each other, or a peer claims what is not an inner address of its tunnel.</exception>
    public static KernelState For(DesiredNode desired, DataPlaneOptions options)
    {
        RequireNoContradiction(desired);
        var interfaces = desired.NetworkInterfaces.ToDictionary(eni => eni.LinkName);
        return new KernelState
        {
            Tunnels = desired.Addresses.Select(Tunnel).ToDictionary(tunnel => tunnel.Name),
            LinksUp = interfaces.Keys.ToHashSet(),
            Addresses = desired.Addresses.SelectMany(Addresses).ToHashSet(),
            Routes = desired.Addresses.SelectMany(address => Routes(address, address.LinkName is { } link ? interfaces[link] : null)).ToHashSet(),
            Rules = desired.Addresses.SelectMany(Rules).ToHashSet(),
            Sysctls = Sysctls(desired),
            Ruleset = NodeRuleset.For(desired, options),
            Shaping = DesiredShaping.For(desired, options),
        };
    }

    /// <summary>True for the tables that are ours: each is named by a listen port. A worker agent on the same host has others, of the same protocol number.</summary>
    public static bool IsOurs(uint table) => table <= int.MaxValue && AddressLayout.ListenPorts.Contains((int)table);

    /// <summary>True for the rules of our protocol number that are ours: those that lead to our tables, and the one that leads into tunnels.</summary>
    public static bool IsOurs(RuleSpec rule) => IsOurs(rule.Table) || (rule.To.Length == InnerLength && rule == IntoTunnels(rule.To));

    private static TunnelInterface Tunnel(DesiredAddress address) => new()
    {
        Name = TunnelName.Of(address.ListenPort),
        PrivateKey = address.PrivateKey,
        ListenPort = address.ListenPort,
        FirewallMark = (uint)address.ListenPort,
        Mtu = TunnelMtu,
        IsUp = true,
        Peers = address.Peers.Select(peer => Peer(address, peer)).ToDictionary(peer => peer.PublicKey),
    };

    /// <summary>A desired peer of an address in the kernel's terms.</summary>
    private static KernelPeer Peer(DesiredAddress address, DesiredPeer peer)
    {
        foreach (var inner in peer.InnerAddresses)
        {
            if (!address.Inner.Contains(inner) || inner.Equals(AddressLayout.ServerAddress(address.Inner)))
                throw new ArgumentException($"{inner} is no inner address for a peer of {address.Address}, whose inner subnet is {address.Inner}");
        }
        return Peer(peer);
    }

    /// <summary>A desired peer in the kernel's terms.</summary>
    public static KernelPeer Peer(DesiredPeer peer) => new()
    {
        PublicKey = peer.PublicKey,
        AllowedIps = peer.InnerAddresses.Select(Ipv4Prefix.Host).ToHashSet(),
        Endpoint = peer.Endpoint,
    };

    private static IEnumerable<KernelAddress> Addresses(DesiredAddress address)
    {
        yield return new KernelAddress(TunnelName.Of(address.ListenPort), AddressLayout.ServerAddress(address.Inner), address.Inner.Length);
        if (OnItsEni(address) is { } here)
            yield return here;
    }

    /// <summary>The address on its ENI; null while it is not here, and where it is the host's: then it is there already, and not ours to take away.</summary>
    internal static KernelAddress? OnItsEni(DesiredAddress address) =>
        address is { LinkName: { } link, IsHosts: false } ? new(link, address.PrivateAddress, 32) : null;

    // A table of the address's own, named by its port: its routes give the address as source to what has none yet, as WireGuard's
    // packets when the node starts a handshake. Until the address is here nothing leaves by it.
    private static IEnumerable<KernelRoute> Routes(DesiredAddress address, DesiredNetworkInterface? eni)
    {
        var table = (uint)address.ListenPort;
        yield return new KernelRoute(table, Everything, RouteType.Unreachable, LastResortMetric, Link: null, Gateway: null, Source: null);
        foreach (var route in eni is null ? [] : ByItsEni(address, eni))
            yield return route;
    }

    /// <summary>The routes of an address's table once it is here.</summary>
    internal static IEnumerable<KernelRoute> ByItsEni(DesiredAddress address, DesiredNetworkInterface eni)
    {
        var table = (uint)address.ListenPort;
        yield return new KernelRoute(table, eni.Subnet, RouteType.Unicast, 0, eni.LinkName, Gateway: null, address.PrivateAddress);
        yield return new KernelRoute(table, Everything, RouteType.Unicast, 0, eni.LinkName, eni.Gateway ?? eni.Subnet.AddressAt(1), address.PrivateAddress);
    }

    private static IEnumerable<RuleSpec> Rules(DesiredAddress address)
    {
        var table = (uint)address.ListenPort;
        yield return new RuleSpec { Priority = TunnelRulePriority, InputLink = TunnelName.Of(address.ListenPort), Table = table };
        yield return new RuleSpec { Priority = MarkRulePriority, FirewallMark = table, Table = table };
        // The host knows best how to go on with an address of its own.
        if (!address.IsHosts)
            yield return new RuleSpec { Priority = SourceRulePriority, From = Ipv4Prefix.Host(address.PrivateAddress), Table = table };
        // What goes into tunnels need not pass the rules of all addresses; the /8 is shared by all of them, so the set holds it once.
        yield return IntoTunnels(Ipv4Prefix.Containing(address.Inner.Network, InnerLength));
    }

    private static RuleSpec IntoTunnels(Ipv4Prefix inner) => new() { Priority = InnerRulePriority, To = inner, Table = RouteTable.Main };

    private static Dictionary<string, string> Sysctls(DesiredNode desired)
    {
        var settings = new Dictionary<string, string>
        {
            ["net/ipv4/ip_forward"] = "1",
            // Connections that began on another node are picked up in their middle (nf_conntrack-sysctl.rst).
            ["net/netfilter/nf_conntrack_tcp_loose"] = "1",
        };
        // Loose: the answer to an address's packet may leave by another link than the main table says (ip-sysctl.rst).
        foreach (var link in desired.NetworkInterfaces.Select(eni => eni.LinkName).Concat(desired.Addresses.Select(address => TunnelName.Of(address.ListenPort))))
            settings[$"net/ipv4/conf/{link}/rp_filter"] = "2";
        // An address answers ARP on its own ENI only: another one in the same subnet would draw its packets (ip-sysctl.rst, arp_ignore 1).
        foreach (var eni in desired.NetworkInterfaces)
            settings[$"net/ipv4/conf/{eni.LinkName}/arp_ignore"] = "1";
        return settings;
    }

    private static void RequireNoContradiction(DesiredNode desired)
    {
        Require(desired.Addresses.Select(address => address.ListenPort), "listen port");
        Require(desired.Addresses.Select(address => address.PrivateAddress), "private address");
        Require(desired.Addresses.Select(address => address.Inner), "inner subnet");
        Require(desired.NetworkInterfaces.Select(eni => eni.LinkName), "network interface");
        foreach (var address in desired.Addresses)
        {
            Require(address.Peers.Select(peer => peer.PublicKey), $"key among the peers of {address.Address}");
            Require(address.Peers.SelectMany(peer => peer.InnerAddresses), $"inner address among the peers of {address.Address}");
            if (address.LinkName is not null && desired.NetworkInterfaces.All(eni => eni.LinkName != address.LinkName))
                throw new ArgumentException($"{address.Address} is on {address.LinkName}, which is none of the node's network interfaces");
        }
    }

    private static void Require<T>(IEnumerable<T> values, string what)
    {
        var seen = new HashSet<T>();
        foreach (var value in values)
        {
            if (!seen.Add(value))
                throw new ArgumentException($"{value} is the {what} of two");
        }
    }
}
