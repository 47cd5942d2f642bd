using Vprox.Addressing;
using Vprox.Netlink;
using Vprox.NodeAgent.Core.Peers;
using Vprox.NodeAgent.Core.Ports;
using Vprox.NodeAgent.Tests.Given;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.Core;

/// <summary>Who is said to have used up the ports that tunnels share, and when.</summary>
public sealed class SharedPortTests
{
    private const int Ports = 8192;
    private static readonly WireGuardKey Modest = Some.Key(1);
    private static readonly WireGuardKey Greedy = Some.Key(2);

    [Fact]
    public void The_tunnel_with_most_ports_to_the_busiest_destination_is_named()
    {
        var census = new SharedPortCensus([Address(0, (Modest, 200), (Greedy, 201)), Address(1, (Modest, 200))]);
        Count(census, 0, 200, ports: 40, remotePort: 443);
        Count(census, 0, 201, ports: 60, remotePort: 443);
        Count(census, 0, 200, ports: 90, remotePort: 80);
        Count(census, 1, 200, ports: 5, remotePort: 53, protocol: 17);

        var loads = census.Loads().ToDictionary(load => load.Placement.Address);

        var load = loads[Some.PublicAddress(0)];
        Assert.Equal(("203.0.113.7:443/tcp", 100, 60), (load.Destination, load.Used, load.UsedByOne));
        Assert.Equal((Greedy, Inner(0, 201)), (load.PublicKey, load.InnerAddress));
        Assert.Equal(("203.0.113.7:53/udp", 5), (loads[Some.PublicAddress(1)].Destination, loads[Some.PublicAddress(1)].Used));
    }

    [Fact]
    public void Ports_of_blocks_and_flows_of_others_are_not_counted()
    {
        var census = new SharedPortCensus([Address(0, (Modest, 200))]);
        census.Count(Flow(0, 200, port: AddressLayout.SharedPorts.First - 1, remotePort: 443));
        census.Count(Flow(0, 200, port: AddressLayout.SharedPorts.Last + 1, remotePort: 443));
        census.Count(Flow(3, 200, port: 41_000, remotePort: 443));
        // The host's own translation, to the same address.
        census.Count(Flow(0, 200, port: 41_000, remotePort: 443) with { Source = Ipv4.ToUInt32(Ipv4.Parse("172.17.0.2")) });

        Assert.Empty(census.Loads());
    }

    [Fact]
    public void A_tunnel_that_has_left_is_named_by_its_inner_address()
    {
        var census = new SharedPortCensus([Address(0)]);
        Count(census, 0, 200, ports: 3, remotePort: 443);

        var load = Assert.Single(census.Loads());

        Assert.Null(load.PublicKey);
        Assert.Equal(Inner(0, 200), load.InnerAddress);
    }

    [Fact]
    public void Nothing_is_looked_at_while_nothing_is_dropped_and_then_no_more_than_every_five_seconds()
    {
        var shortages = SharedPortShortages.None;
        Assert.False(shortages.IsLookDue(Some.Now));

        shortages = shortages with { DroppedSinceLook = 1 };
        Assert.True(shortages.IsLookDue(Some.Now));
        (shortages, _) = shortages.After([], Some.Now);

        shortages = shortages with { DroppedSinceLook = 1 };
        Assert.False(shortages.IsLookDue(Some.Now.AddSeconds(4)));
        Assert.True(shortages.IsLookDue(Some.Now.AddSeconds(5)));
    }

    [Fact]
    public void It_is_said_when_it_begins_and_every_thirty_seconds_and_is_over_after_ten_quiet_ones()
    {
        var (shortages, said) = (SharedPortShortages.None, new List<(int Second, long Dropped)>());
        var over = new List<int>();
        for (var second = 0; second < 80; second++)
        {
            var now = Some.Now.AddSeconds(second);
            shortages = shortages with { DroppedSinceLook = shortages.DroppedSinceLook + (second <= 62 ? 2 : 0) };
            if (shortages.IsLookDue(now))
            {
                (shortages, var tooFew) = shortages.After([Load(0, Ports - 100)], now);
                said.AddRange(tooFew.Select(shortage => (second, shortage.Dropped)));
            }
            (shortages, var ended) = shortages.Ended(now);
            over.AddRange(ended.Select(_ => second));
        }

        Assert.Equal([(0, 2), (30, 62), (60, 122)], said);
        Assert.Equal([75], over);
        Assert.Empty(shortages.ByAddress);
    }

    [Fact]
    public void An_address_with_ports_to_spare_is_not_blamed_for_what_was_dropped()
    {
        var (shortages, said) = (SharedPortShortages.None with { DroppedSinceLook = 9 }).After([Load(0, Ports / 2), Load(1, Ports - 10)], Some.Now);

        Assert.Equal([Some.PublicAddress(1)], said.Select(shortage => shortage.Load.Placement.Address));
        Assert.Equal([Some.PublicAddress(1)], shortages.ByAddress.Keys);
        Assert.Equal(0, shortages.DroppedSinceLook);
    }

    private static SharedPortLoad Load(int slot, int used)
    {
        var census = new SharedPortCensus([Address(slot, (Modest, 200))]);
        Count(census, slot, 200, used, remotePort: 443);
        return Assert.Single(census.Loads());
    }

    private static void Count(SharedPortCensus census, int slot, int inner, int ports, ushort remotePort, byte protocol = 6)
    {
        for (var port = 0; port < ports; port++)
            census.Count(Flow(slot, inner, AddressLayout.SharedPorts.First + port, remotePort, protocol));
    }

    private static Flow Flow(int slot, int inner, int port, ushort remotePort, byte protocol = 6) => new(
        Ipv4.ToUInt32(Inner(slot, inner)),
        new ReplyTuple(protocol, Ipv4.ToUInt32(Ipv4.Parse("203.0.113.7")), remotePort, Ipv4.ToUInt32(Some.PrivateAddress(slot)), (ushort)port));

    private static System.Net.IPAddress Inner(int slot, int offset) => Some.Inner(slot).AddressAt(offset);

    private static AddressTunnels Address(int slot, params (WireGuardKey Key, int Inner)[] peers) => new(
        Some.Placement(slot, 1), [.. peers.Select(peer => new TunnelPeer { PublicKey = peer.Key, InnerAddresses = [Inner(slot, peer.Inner)], Since = Some.Now })]);
}
