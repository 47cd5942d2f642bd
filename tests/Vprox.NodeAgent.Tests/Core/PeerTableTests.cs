using System.Net;
using CsCheck;
using Vprox.Addressing;
using Vprox.NodeAgent.Core.Peers;
using Vprox.NodeAgent.Tests.Given;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.Core;

public sealed class PeerTableTests
{
    private static readonly IPAddress Address = Some.PublicAddress(0);
    private static readonly Ipv4Prefix Inner = Some.Inner(0);
    private readonly PeerTable _peers = new();

    [Fact]
    public void The_peers_of_a_placement_are_there_from_the_start()
    {
        _peers.Place(Some.Placement(0, 1, peers: Some.Peer(0, 3, Some.Key(1), "198.51.100.7:40000")), Some.Now);
        var peer = Assert.Single(_peers.Of(Address));
        Assert.Equal("198.51.100.7:40000", peer.Endpoint!.ToString());
        Assert.Equal([AddressLayout.AddressOfBlock(Inner, 3)], peer.InnerAddresses);
    }

    [Fact]
    public void Connecting_twice_with_one_grant_is_one_peer()
    {
        Connect(Some.Key(1), 0);
        var again = Assert.IsType<ConnectOutcome.Connected>(Connect(Some.Key(1), 0));
        Assert.NotNull(again.Before);
        Assert.Single(_peers.Of(Address));
    }

    [Fact]
    public void A_newer_grant_gives_more_blocks_and_an_older_one_takes_none_away()
    {
        Connect(Some.Key(1), [0], grantedAt: Some.Now);
        Connect(Some.Key(1), [0, 1], grantedAt: Some.Now.AddMinutes(1));
        var late = Assert.IsType<ConnectOutcome.Connected>(Connect(Some.Key(1), [0], grantedAt: Some.Now));
        Assert.Equal(2, late.Peer.InnerAddresses.Count);
    }

    [Fact]
    public void An_inner_address_of_a_living_lease_is_not_given_away()
    {
        Connect(Some.Key(1), 0);
        var conflict = Assert.IsType<ConnectOutcome.Conflict>(Connect(Some.Key(2), 0));
        Assert.Equal(AddressLayout.AddressOfBlock(Inner, 0), conflict.InnerAddress);
        Assert.Equal([Some.Key(1)], _peers.Of(Address).Select(peer => peer.PublicKey));
    }

    [Fact]
    public void An_inner_address_whose_lease_has_ended_goes_to_the_next_grant()
    {
        Connect(Some.Key(1), 0);
        var later = Some.Now.AddDays(2);
        var outcome = Assert.IsType<ConnectOutcome.Connected>(Connect(Some.Key(2), [0], later, later));
        Assert.Equal([Some.Key(1)], outcome.Displaced.Select(peer => peer.PublicKey));
        Assert.Equal([Some.Key(2)], _peers.Of(Address).Select(peer => peer.PublicKey));
    }

    [Fact]
    public void A_newer_grant_takes_the_block_that_another_gave_back_and_leaves_it_the_rest()
    {
        Connect(Some.Key(1), [0, 1], grantedAt: Some.Now);
        var outcome = Assert.IsType<ConnectOutcome.Connected>(Connect(Some.Key(2), [1, 2], grantedAt: Some.Now.AddMinutes(3)));
        Assert.Equal(2, outcome.Peer.InnerAddresses.Count);
        Assert.Empty(outcome.Displaced);
        Assert.Equal([Some.Key(1)], outcome.Reduced.Select(peer => peer.PublicKey));
        Assert.Equal([AddressLayout.AddressOfBlock(Inner, 0)], _peers.Find(Address, Some.Key(1))!.InnerAddresses);
    }

    [Fact]
    public void An_older_grant_gets_what_is_still_its_own_and_takes_nothing_from_a_newer_one()
    {
        Connect(Some.Key(2), [1], grantedAt: Some.Now.AddMinutes(3));
        var outcome = Assert.IsType<ConnectOutcome.Connected>(Connect(Some.Key(1), [0, 1], grantedAt: Some.Now));
        Assert.Equal([AddressLayout.AddressOfBlock(Inner, 0)], outcome.Peer.InnerAddresses);
        Assert.Equal([AddressLayout.AddressOfBlock(Inner, 1)], _peers.Find(Address, Some.Key(2))!.InnerAddresses);
    }

    [Fact]
    public void After_a_move_an_old_grant_takes_nothing_from_those_whose_newer_one_came_with_the_placement()
    {
        _peers.Place(Some.Placement(0, 2, peers: Some.Peer(0, 1, Some.Key(2)) with { GrantedAt = Some.Now.AddMinutes(3) }), Some.Now);
        Assert.IsType<ConnectOutcome.Conflict>(Connect(Some.Key(1), [1], grantedAt: Some.Now));
        // Of its own two grants the placement knew the newer: the answer to the older is what it has.
        var own = Assert.IsType<ConnectOutcome.Connected>(Connect(Some.Key(2), [1, 2], grantedAt: Some.Now));
        Assert.Equal([AddressLayout.AddressOfBlock(Inner, 1)], own.Peer.InnerAddresses);
    }

    /// <summary>
    /// Grants come late, twice, in any order and to a node that was told of some and not of others: no block ever has two holders, and nobody
    /// holds one that no grant of its own named.
    /// </summary>
    [Fact]
    public void No_block_has_two_holders_in_whatever_order_grants_are_shown() => Gen.Select(Gen.Int[1, 4], Gen.Int[0, 30], Gen.Int[0, 7], Gen.Int[1, 4])
        .Array[1, 60].Sample(shown =>
        {
            var peers = new PeerTable();
            var named = new HashSet<(IPAddress, WireGuardKey)>();
            foreach (var (key, minute, first, count) in shown)
            {
                var addresses = Enumerable.Range(first, count).Select(block => AddressLayout.AddressOfBlock(Inner, block)).ToList();
                // One tunnel's grants have times of their own, as the Allocator gives them.
                var at = Some.Now.AddMinutes(minute).AddSeconds(key);
                peers.Connect(Address, Inner, new ConnectRequest(Some.Key(key), addresses, at, at.AddDays(1)), Some.Now);
                named.UnionWith(addresses.Select(address => (address, Some.Key(key))));
            }
            var held = peers.Of(Address).SelectMany(peer => peer.InnerAddresses).ToList();
            Assert.Equal(held.Count, held.Distinct().Count());
            Assert.All(peers.Of(Address), peer => Assert.All(peer.InnerAddresses, address => Assert.Contains((address, peer.PublicKey), named)));
        }, iter: 300);

    [Fact]
    public void A_peer_whose_lease_is_not_known_yields_to_the_Allocators_newer_word()
    {
        _peers.Place(Some.Placement(0, 1, peers: Some.Peer(0, 0, Some.Key(1))), Some.Now);
        Assert.IsType<ConnectOutcome.Connected>(Connect(Some.Key(2), 0));
        Assert.Equal([Some.Key(2)], _peers.Of(Address).Select(peer => peer.PublicKey));
    }

    [Fact]
    public void A_double_of_the_placement_does_not_bring_back_a_removed_peer_and_a_newer_one_does()
    {
        var peer = Some.Peer(0, 0, Some.Key(1));
        _peers.Place(Some.Placement(0, 1, peers: peer), Some.Now);
        Assert.True(_peers.Remove(Address, Some.Key(1), Some.Now));
        Assert.False(_peers.Remove(Address, Some.Key(1), Some.Now));
        _peers.Place(Some.Placement(0, 1, peers: peer), Some.Now);
        Assert.Empty(_peers.Of(Address));
        _peers.Place(Some.Placement(0, 2, peers: peer), Some.Now);
        Assert.Single(_peers.Of(Address));
    }

    [Fact]
    public void A_hundred_thousand_tunnels_with_a_key_each_are_not_remembered_longer_than_a_late_snapshot_needs()
    {
        var most = 0;
        for (var round = 0; round < 100_000; round++)
        {
            var (key, now) = (Some.Key(round + 1), Some.Now.AddMilliseconds(60 * round));
            Connect(key, [0], now, now);
            Assert.True(_peers.Remove(Address, key, now));
            most = Math.Max(most, _peers.RemovedCountOf(Address));
        }
        Assert.InRange(most, 1, (int)(RecentlyRemoved.Retention / TimeSpan.FromMilliseconds(60)) + 2);
    }

    [Fact]
    public void A_peer_that_was_never_there_is_not_remembered()
    {
        Assert.False(_peers.Remove(Address, Some.Key(1), Some.Now));
        Assert.Equal(0, _peers.RemovedCountOf(Address));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 0)]
    [InlineData(6, 1)]
    public void A_removed_peer_is_kept_away_for_five_minutes(int minutes, int expected)
    {
        var placement = Some.Placement(0, 1, peers: Some.Peer(0, 0, Some.Key(1)));
        _peers.Place(placement, Some.Now);
        _peers.Remove(Address, Some.Key(1), Some.Now);

        var now = Some.Now.AddMinutes(minutes);

        Assert.Equal(expected, _peers.WithoutRemoved(placement, now).Peers.Count);
        _peers.Place(placement, now);
        Assert.Equal(expected, _peers.CountOf(Address));
    }

    [Fact]
    public void One_that_left_twice_is_kept_away_since_it_left_last()
    {
        var placement = Some.Placement(0, 1, peers: Some.Peer(0, 0, Some.Key(1)));
        _peers.Place(placement, Some.Now);
        _peers.Remove(Address, Some.Key(1), Some.Now);
        Connect(Some.Key(1), [0], Some.Now.AddMinutes(4), Some.Now.AddMinutes(4));
        _peers.Remove(Address, Some.Key(1), Some.Now.AddMinutes(4));
        // Whoever leaves clears away what is old.
        Connect(Some.Key(2), [1]);
        _peers.Remove(Address, Some.Key(2), Some.Now.AddMinutes(6));

        _peers.Place(placement, Some.Now.AddMinutes(8));

        Assert.Equal(0, _peers.CountOf(Address));
    }

    [Fact]
    public void A_placed_peer_with_the_addresss_own_key_is_passed_over_and_the_others_are_taken()
    {
        var own = Some.Identity.ServerPublicKey;
        var placement = Some.Placement(0, 1, peers: [Some.Peer(0, 0, own), Some.Peer(0, 1, Some.Key(1))]);
        // Until the seal opens the address's key is not known.
        _peers.Place(placement with { Identity = null }, Some.Now);
        _peers.Place(placement, Some.Now);
        Assert.Equal([Some.Key(1)], _peers.Of(Address).Select(peer => peer.PublicKey));
    }

    [Fact]
    public void Two_placed_peers_never_share_an_inner_address()
    {
        _peers.Place(Some.Placement(0, 1, peers: [Some.Peer(0, 0, Some.Key(1)), Some.Peer(0, 0, Some.Key(2))]), Some.Now);
        Assert.Equal([Some.Key(1)], _peers.Of(Address).Select(peer => peer.PublicKey));
    }

    [Fact]
    public void A_client_without_inner_addresses_gets_shared_ones_until_none_is_left()
    {
        var shared = AddressLayout.SharedAddresses(Inner).ToList();
        foreach (var (index, expected) in shared.Index())
        {
            var outcome = Assert.IsType<ConnectOutcome.Connected>(Connect(Some.Key(index + 1), []));
            Assert.Equal([expected], outcome.Peer.InnerAddresses);
        }
        Assert.IsType<ConnectOutcome.Full>(Connect(Some.Key(shared.Count + 1), []));
        Assert.Equal([shared[0]], Assert.IsType<ConnectOutcome.Connected>(Connect(Some.Key(1), [])).Peer.InnerAddresses);
        _peers.Remove(Address, Some.Key(7), Some.Now);
        Assert.Equal([shared[6]], Assert.IsType<ConnectOutcome.Connected>(Connect(Some.Key(shared.Count + 1), [])).Peer.InnerAddresses);
    }

    [Fact]
    public void What_the_kernel_has_is_adopted_instead_of_what_the_journal_names()
    {
        var device = new Device
        {
            Name = "vp49152",
            ListenPort = 49152,
            FirewallMark = 0,
            Peers = [new Peer { PublicKey = Some.Key(9), AllowedIps = [Ipv4Prefix.Host(AddressLayout.AddressOfBlock(Inner, 5))] }],
        };
        _peers.Adopt(Some.Placement(0, 1, peers: Some.Peer(0, 0, Some.Key(1))), device, Some.Now);
        Assert.Equal([Some.Key(9)], _peers.Of(Address).Select(peer => peer.PublicKey));
    }

    [Fact]
    public void An_adopted_peer_knows_its_grant_when_the_journal_names_the_same_and_an_older_one_takes_nothing_from_it()
    {
        var device = new Device
        {
            Name = "vp49152",
            ListenPort = 49152,
            FirewallMark = 0,
            Peers = [new Peer { PublicKey = Some.Key(9), AllowedIps = [Ipv4Prefix.Host(AddressLayout.AddressOfBlock(Inner, 5))] }],
        };
        _peers.Adopt(Some.Placement(0, 1, peers: Some.Peer(0, 5, Some.Key(9)) with { GrantedAt = Some.Now }), device, Some.Now);
        Assert.IsType<ConnectOutcome.Conflict>(Connect(Some.Key(1), [5], Some.Now.AddMinutes(-1)));
        Assert.IsType<ConnectOutcome.Connected>(Connect(Some.Key(1), [5], Some.Now.AddMinutes(1)));
    }

    [Fact]
    public void Where_a_peer_is_seen_is_told_once_and_again_when_it_moves()
    {
        Connect(Some.Key(1), 0);
        Assert.Equal("198.51.100.7:40000", Assert.Single(Observe("198.51.100.7:40000")).Endpoint!.ToString());
        Assert.Empty(Observe("198.51.100.7:40000"));
        Assert.Equal("198.51.100.7:40001", Assert.Single(Observe("198.51.100.7:40001")).Endpoint!.ToString());
    }

    private IReadOnlyList<TunnelPeer> Observe(string endpoint) => _peers.Observe(Address, new Device
    {
        Name = "vp49152",
        ListenPort = 49152,
        FirewallMark = 0,
        Peers = [new Peer { PublicKey = Some.Key(1), AllowedIps = [], Endpoint = IPEndPoint.Parse(endpoint) }],
    });

    private ConnectOutcome Connect(WireGuardKey key, int block) => Connect(key, [block], Some.Now);

    private ConnectOutcome Connect(WireGuardKey key, int[] blocks, DateTimeOffset? grantedAt = null, DateTimeOffset? now = null) =>
        _peers.Connect(
            Address,
            Inner,
            new ConnectRequest(
                key,
                [.. blocks.Select(block => AddressLayout.AddressOfBlock(Inner, block))],
                grantedAt ?? Some.Now,
                (grantedAt ?? Some.Now).AddDays(1)),
            now ?? Some.Now);
}
