using Vprox.Addressing;
using Vprox.Nftables;
using Vprox.NodeAgent.Core.DataPlane.Shaping;

namespace Vprox.NodeAgent.Core.DataPlane.Ruleset;

/// <summary>The node's nft table: the firewall of the static addresses and their translation. Everything that changes is an element of a set or map.</summary>
public static class NodeRuleset
{
    /// <summary>The table for a desired node.</summary>
    public static NftTable For(DesiredNode desired, DataPlaneOptions options)
    {
        var table = NftListing.Parse(Listing(options.HttpsPort));
        var objects = new Dictionary<string, NftObject>(table.Objects);
        void Fill(string key, IEnumerable<string> elements) => objects[key] = objects[key] with { Elements = elements.ToHashSet() };
        Fill("set interfaces", desired.NetworkInterfaces.Select(eni => NftName.Interface(eni.LinkName)));
        Fill("set dedicated", desired.NetworkInterfaces.Where(eni => !eni.IsShared).Select(eni => NftName.Interface(eni.LinkName)));
        Fill("set tunnels", desired.Addresses.Select(Tunnel));
        Fill("set addresses", desired.Addresses.Where(address => !address.IsHosts).Select(address => $"{address.PrivateAddress}"));
        Fill("set host_addresses", desired.Addresses.Where(address => address.IsHosts).Select(address => $"{address.PrivateAddress}"));
        Fill("set listen", desired.Addresses.Select(address => $"{address.PrivateAddress} . {address.ListenPort}"));
        Fill("set echo", desired.Addresses.Select(address => $"{Tunnel(address)} . {AddressLayout.ServerAddress(address.Inner)}"));
        Fill("set egress", Egress(desired.Addresses).Elements);
        Fill("set own_source", desired.Addresses.Select(address => $"{Tunnel(address)} . {address.PrivateAddress}"));
        Fill("set denied", Outermost(options.DeniedDestinations).Select(prefix => prefix.Length == 32 ? $"{prefix.Network}" : $"{prefix}"));
        Fill("map marks", desired.Addresses.Where(address => !address.IsHosts).Select(address => $"{address.PrivateAddress} : 0x{address.ListenPort:x8}"));
        Fill("map arriving", desired.Addresses.Select(AddressRuleset.Arriving));
        Fill("map strays", desired.Addresses.Select(AddressRuleset.Stray));
        Fill("map zones", desired.Addresses.Where(address => !address.IsHosts).Select(address => $"{address.PrivateAddress} : {address.Zone}"));
        Fill("map tunnel_zones", desired.Addresses.Where(address => !address.IsHosts).Select(address => $"{Tunnel(address)} : {address.Zone}"));
        Fill("map sources", desired.Addresses.Select(address => $"{Tunnel(address)} : {address.PrivateAddress}"));
        Fill("map classes", DesiredShaping.Classes(desired, options).Select(item => $"{Tunnel(item.Address)} : {item.Class}"));
        Fill("map sent", desired.Addresses.Select(address => $"{Tunnel(address)} : \"{AddressCounters.Sent(address.ListenPort)}\""));
        Fill("map received", desired.Addresses.Select(address => $"{Tunnel(address)} : \"{AddressCounters.Received(address.ListenPort)}\""));
        Fill("map leaving", desired.Addresses.Select(address => $"{Tunnel(address)} : jump {BlockRuleset.Leave(address.BlockSize)}"));
        Fill("map closing", desired.Addresses.Select(address => $"{Tunnel(address)} : jump {BlockRuleset.Close(address.BlockSize)}"));
        IEnumerable<NftObject> further =
        [
            .. desired.Addresses.SelectMany(AddressCounters.Objects),
            .. Blocks(desired).SelectMany(blocks => blocks.Objects),
            .. desired.Addresses.SelectMany(AddressRuleset.Objects),
        ];
        foreach (var item in further)
            objects.Add(item.Key, item);
        return NftTable.Of(objects.Values);
    }

    /// <summary>Which tunnel leaves by which ENI, of the addresses that are here.</summary>
    internal static NftElements Egress(IReadOnlyList<DesiredAddress> addresses) => new("set egress", "egress",
        [.. addresses.Where(address => address.LinkName is not null).Select(address => $"{Tunnel(address)} . {NftName.Interface(address.LinkName!)}")]);

    private static string Tunnel(DesiredAddress address) => NftName.Interface(TunnelName.Of(address.ListenPort));

    // A node without an address has the usual blocks: its first address finds them there.
    private static IEnumerable<BlockRuleset> Blocks(DesiredNode desired) => desired.Addresses.Select(address => address.BlockSize)
        .DefaultIfEmpty(AddressLayout.BlockSize).Distinct().Order().Select(size => new BlockRuleset(new BlockLayout(size)));

    // Intervals of a set must not overlap.
    private static IEnumerable<Ipv4Prefix> Outermost(IReadOnlyList<Ipv4Prefix> prefixes) =>
        prefixes.Distinct().Where(prefix => !prefixes.Any(other => other != prefix && other.Contains(prefix)));

    /// <summary>
    /// The table without its elements, as nft 1.0.6 lists it. An address that is the host's as well keeps the host's firewall, and what asks for a new
    /// TCP connection is for the host: tunnels take no connections. "tunnels" is ours by name: a wildcard would catch a foreign vpn0. "egress" pairs
    /// each serving tunnel with the ENI of its address, which holds in both directions. What a remote sends to a port block is translated
    /// without earlier state, except a SYN, by port blocks alone: a port of a block belongs to the block's inner address, in both directions, and a
    /// worker that sends from outside its block is mapped into it; inner addresses without a block share one range. Echo requests keep their id where
    /// it is free. What nothing maps reaches the host and is dropped there, for an RST would end the remote's connection.
    /// conntrack takes up a connection in its middle, but not at a FIN or RST (tcp_new, nf_conntrack_proto_tcp.c): those are "invalid" to it and pass
    /// NAT by, so that a connection which closes right after a move would never close. They are translated without state, by the same blocks:
    /// the inner address's last ten bits name the block, and so do the port's upper bits. "leaving" and "closing" lead a
    /// tunnel to the blocks of its address's size. Mark 0x56, V, is of the packet alone.
    /// Each placement has a conntrack zone of its own: nothing that was remembered of an earlier one, or of another owner of the private address,
    /// takes a port away from a connection or finds its sequence numbers strange.
    /// Whatever translated it, what came out of a tunnel leaves with its own address or not at all: "last_look" sees each packet after all else.
    /// EC2 may bring an address before this node has heard of it: what comes for it then must not reach conntrack, which would remember the
    /// connection as one without translation, send it on as a router does, and later take its port for another's. "dedicated" are the ENIs on which
    /// that can be; on the others the host may well be a router. What shares an address with its host shares the host's zone: the host's own
    /// translations, a container bridge's for instance, must find both directions of a connection in one, and their ports may be ours.
    /// What WireGuard in the kernel sends itself has its interface as the one it came in by (send4, drivers/net/wireguard/socket.c): by its source,
    /// which is an address of ours, it is told from what comes out of the tunnel, and keeps the listen port that peers know.
    /// It answers "host unreachable" for an inner address whose peer it does not know yet (wg_xmit, device.c), which "answers" keeps from the remote.
    /// "marks" gives what comes for an address the mark that its routing rule asks for: with fwmark_reflect the node's own answer, such as an ICMP
    /// "fragmentation needed" for what does not fit into the tunnel, bears it too and leaves by the address's ENI with the address as source.
    /// "traffic" counts what is forwarded, after every filter of the host: those that others add stand at "filter" or, firewalld's, at "filter + 10".
    /// conntrack keeps a port for 120 s after a close, and after a SYN that nobody answers: shared ports would be used up by what is gone.
    /// A segment size is only ever lowered (nft_exthdr_tcp_set_eval, net/netfilter/nft_exthdr.c): to the route's, and to what fits into the tunnel.
    /// </summary>
    private static string Listing(int httpsPort) => $$"""
        table inet vprox {
        	ct timeout tunnel_tcp {
        		protocol tcp
        		l3proto ip
        		policy = { syn_sent : 10, time_wait : 10, close : 5 }
        	}

        	counter internet_syn {
        	}

        	counter internet_protocol {
        	}

        	counter internet_to_node {
        	}

        	counter internet_unsolicited {
        	}

        	counter tunnel_ipv6 {
        	}

        	counter tunnel_elsewhere {
        	}

        	counter tunnel_denied {
        	}

        	counter tunnel_protocol {
        	}

        	counter tunnel_invalid {
        	}

        	counter tunnel_to_node {
        	}

        	counter foreign_source {
        	}

        	counter not_serving {
        	}

        	set interfaces {
        		type ifname
        	}

        	set dedicated {
        		type ifname
        	}

        	set tunnels {
        		type ifname
        	}

        	set addresses {
        		type ipv4_addr
        	}

        	set host_addresses {
        		type ipv4_addr
        	}

        	set listen {
        		type ipv4_addr . inet_service
        	}

        	set echo {
        		type ifname . ipv4_addr
        	}

        	set egress {
        		type ifname . ifname
        	}

        	set own_source {
        		type ifname . ipv4_addr
        	}

        	set denied {
        		type ipv4_addr
        		flags interval
        	}

        	map marks {
        		type ipv4_addr : mark
        	}

        	map arriving {
        		type ipv4_addr : verdict
        	}

        	map leaving {
        		type ifname : verdict
        	}

        	map closing {
        		type ifname : verdict
        	}

        	map strays {
        		type ipv4_addr : verdict
        	}

        	map sources {
        		type ifname : ipv4_addr
        	}

        	map zones {
        		typeof ip daddr : ct zone
        	}

        	map tunnel_zones {
        		typeof iifname : ct zone
        	}

        	map classes {
        		type ifname : classid
        	}

        	map sent {
        		type ifname : counter
        	}

        	map received {
        		type ifname : counter
        	}

        	chain untracked {
        		type filter hook prerouting priority raw; policy accept;
        		iifname @interfaces meta mark set ip daddr map @marks
        		iifname @interfaces ip daddr @addresses goto from_internet
        		iifname @dedicated fib daddr type unicast counter name "not_serving" drop
        		ct zone set iifname map @tunnel_zones
        	}

        	chain own_untracked {
        		type filter hook output priority raw; policy accept;
        		ct zone set ip saddr map @zones
        	}

        	chain from_internet {
        		ct zone set ip daddr map @zones
        		tcp dport {{httpsPort}} accept
        		tcp flags syn / syn,ack counter name "internet_syn" drop
        		meta l4proto { tcp, udp } accept
        		icmp type { echo-reply, destination-unreachable, echo-request, time-exceeded, parameter-problem } accept
        		counter name "internet_protocol" drop
        	}

        	chain translate_in {
        		type nat hook prerouting priority dstnat; policy accept;
        		iifname @interfaces ip daddr @host_addresses tcp flags syn / syn,ack accept
        		iifname @interfaces ip daddr vmap @arriving
        	}

        	chain stray_in {
        		type filter hook prerouting priority dstnat + 1; policy accept;
        		ct state invalid tcp flags fin,rst iifname @interfaces ip daddr vmap @strays
        	}

        	chain stray_out {
        		type filter hook postrouting priority srcnat + 1; policy accept;
        		ct state invalid tcp flags fin,rst ip saddr set iifname map @sources
        	}

        	chain last_look {
        		type filter hook postrouting priority srcnat + 2; policy accept;
        		iifname @tunnels iifname . ip saddr != @own_source counter name "foreign_source" drop
        	}

        	chain forward {
        		type filter hook forward priority filter; policy accept;
        		iifname @tunnels goto from_tunnel
        		oifname @tunnels goto to_tunnel
        		ct original ip daddr @addresses counter name "not_serving" drop
        	}

        	chain from_tunnel {
        		meta priority set iifname map @classes
        		meta nfproto ipv6 counter name "tunnel_ipv6" drop
        		iifname . oifname != @egress counter name "tunnel_elsewhere" drop
        		ip daddr @denied counter name "tunnel_denied" drop
        		meta l4proto != { icmp, tcp, udp } counter name "tunnel_protocol" drop
        		ct state invalid tcp flags fin,rst iifname vmap @closing
        		ct state invalid counter name "tunnel_invalid" drop
        		meta l4proto tcp ct state new ct timeout set "tunnel_tcp"
        		tcp flags syn tcp option maxseg size set rt mtu
        		tcp flags syn tcp option maxseg size set {{DesiredKernel.TunnelMtu - 40}}
        	}

        	chain to_tunnel {
        		oifname . iifname != @egress counter name "not_serving" drop
        		tcp flags syn tcp option maxseg size set rt mtu
        		ct state established,related accept
        		meta l4proto tcp ct state new ct timeout set "tunnel_tcp"
        		ct state new ct status dnat accept
        		ct state invalid meta mark 0x00000056 accept
        		counter name "internet_unsolicited" drop
        	}

        	chain traffic {
        		type filter hook forward priority security; policy accept;
        		counter name iifname map @sent accept
        		counter name oifname map @received
        	}

        	chain translate_out {
        		type nat hook postrouting priority srcnat; policy accept;
        		ip saddr @addresses accept
        		ip saddr @host_addresses accept
        		iifname @tunnels goto leave
        	}

        	chain leave {
        		meta l4proto { tcp, udp } iifname vmap @leaving
        		meta l4proto { tcp, udp } snat ip to iifname map @sources:{{AddressLayout.SharedPorts}}
        		snat ip to iifname map @sources
        	}

        	chain answers {
        		type filter hook output priority filter; policy accept;
        		icmp type destination-unreachable icmp code host-unreachable ct original ip daddr @addresses counter name "not_serving" drop
        	}

        	chain input {
        		type filter hook input priority filter; policy accept;
        		iifname @tunnels goto tunnel_to_node
        		iifname != "lo" ip daddr @addresses goto internet_to_node
        	}

        	chain tunnel_to_node {
        		icmp type echo-request iifname . ip daddr @echo accept
        		meta nfproto ipv6 counter name "tunnel_ipv6" drop
        		counter name "tunnel_to_node" drop
        	}

        	chain internet_to_node {
        		tcp dport {{httpsPort}} accept
        		ip daddr . udp dport @listen accept
        		icmp type echo-request accept
        		ct state established,related meta l4proto icmp accept
        		counter name "internet_to_node" drop
        	}
        }
        """;
}
