using System.Net;
using Vprox.Addressing;
using Vprox.Contracts;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.Placements;
using Vprox.NodeAgent.Tests.Given;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.Core;

public sealed class NodeStateTests
{
    private readonly NodeState _state = new(Some.Node);

    [Fact]
    public void Before_IMDS_was_read_nothing_is_asked_of_the_kernel()
    {
        _state.Take(Some.Placement(0, 1), confirmed: false, Some.Now);
        Assert.Null(_state.NextRound(Some.Now));
    }

    [Fact]
    public void An_address_is_announced_once_for_each_generation()
    {
        _state.Take(Some.Placement(0, 1), confirmed: false, Some.Now);
        _state.Take(Some.Metadata());
        Assert.Empty(Round());
        _state.Take(Some.Metadata(0));
        Assert.Equal([1L], Round());
        Assert.Empty(Round());
        _state.Take(Some.Placement(0, 2), confirmed: false, Some.Now);
        Assert.Equal([2L], Round());
    }

    [Fact]
    public void An_address_that_went_and_came_is_announced_again()
    {
        _state.Take(Some.Placement(0, 1), confirmed: false, Some.Now);
        _state.Take(Some.Metadata(0));
        Assert.Equal([1L], Round());
        _state.Take(Some.Metadata());
        Assert.Empty(Round());
        _state.Take(Some.Metadata(0));
        Assert.Equal([1L], Round());
    }

    [Fact]
    public void An_address_that_shall_leave_is_served_and_not_said_to_serve()
    {
        _state.Take(Some.Placement(0, 1), confirmed: false, Some.Now);
        _state.Take(Some.Metadata(0));
        Round();
        _state.Take(Some.Placement(0, 2, "i-2"), confirmed: false, Some.Now);
        Assert.Equal("ens5", Assert.Single(_state.NextRound(Some.Now)!.Desired.Addresses).LinkName);
        Assert.Empty(_state.Serving);
        _state.Take(Some.Metadata());
        Assert.Empty(_state.NextRound(Some.Now)!.Desired.Addresses);
    }

    [Fact]
    public void Blocks_that_were_granted_while_an_address_was_on_its_way_here_come_with_the_next_snapshot()
    {
        // The worker showed the grant to the node that the address left; this one was told of the peers when it was decided.
        Take(confirmed: false, Granted(1, 0, 0, 1), Granted(2, 0, 2, 3));
        Take(confirmed: true, Granted(1, 60, 0, 1, 4, 5), Granted(2, 0, 2, 3));
        Assert.Equal([0, 1, 4, 5], BlocksOf(1));

        // A late message takes none of them away, and what one gave back is another's at once.
        Take(confirmed: false, Granted(1, 0, 0, 1), Granted(2, 0, 2, 3));
        Assert.Equal([0, 1, 4, 5], BlocksOf(1));
        Take(confirmed: true, Granted(2, 90, 2, 3, 4), Granted(1, 80, 0, 1));
        Assert.Equal([0, 1], BlocksOf(1));
        Assert.Equal([2, 3, 4], BlocksOf(2));
    }

    [Fact]
    public void A_peer_whose_end_the_Allocator_did_not_hear_of_is_taken_up_again_to_leave_once_more()
    {
        // The journal names it, the kernel has it no longer, and what was said of it was lost with the agent.
        var device = new Device { Name = "vp49152", ListenPort = 49152, FirewallMark = 0, Peers = [] };
        _state.Adopt(Some.Placement(0, 1, peers: Granted(1, 0, 0)), 0, device, Some.Now);
        Take(confirmed: true, Granted(1, 0, 0));
        _state.EndSnapshot(_state.PlacedGenerations(), new HashSet<IPAddress> { Some.PublicAddress(0) }, 1, Some.Now);
        Take(confirmed: true, Granted(1, 0, 0));
        Assert.NotNull(_state.FindPeer(Some.PublicAddress(0), Some.Key(1)));
    }

    [Fact]
    public void The_same_metadata_again_is_no_change()
    {
        Assert.True(_state.Take(Some.Metadata(0, 1)));
        Assert.False(_state.Take(Some.Metadata(1, 0)));
        Assert.True(_state.Take(Some.Metadata(0)));
    }

    [Fact]
    public void A_late_snapshot_does_not_bring_back_a_peer_that_has_left_and_is_no_news()
    {
        var late = Some.Placement(0, 1, peers: Some.Peer(0, 0, Some.Key(1)));
        Assert.Equal(PlacementOutcome.Placed, _state.Take(late, confirmed: true, Some.Now));
        Assert.True(_state.RemovePeer(late.Address, Some.Key(1), Some.Now));

        Assert.Equal(PlacementOutcome.Ignored, _state.Take(late, confirmed: true, Some.Now.AddMinutes(1)));
        // Also when what it lists has been forgotten for a newer one.
        _state.Take(Some.Placement(0, 1, peers: Some.Peer(0, 1, Some.Key(2))), confirmed: true, Some.Now.AddMinutes(2));
        Assert.Equal(PlacementOutcome.Ignored, _state.Take(late, confirmed: true, Some.Now.AddMinutes(3)));

        Assert.Equal(1, _state.PeerCount);
        Assert.Null(_state.FindPeer(late.Address, Some.Key(1)));
    }

    [Fact]
    public void A_snapshot_with_a_new_peer_does_not_bring_back_one_of_an_earlier_snapshot_that_has_long_left()
    {
        _state.Take(Some.Placement(0, 1, peers: Some.Peer(0, 0, Some.Key(1))), confirmed: true, Some.Now);
        _state.RemovePeer(Some.PublicAddress(0), Some.Key(1), Some.Now);

        _state.Take(Some.Placement(0, 1, peers: Some.Peer(0, 1, Some.Key(2))), confirmed: true, Some.Now.AddHours(1));

        Assert.Null(_state.FindPeer(Some.PublicAddress(0), Some.Key(1)));
        Assert.NotNull(_state.FindPeer(Some.PublicAddress(0), Some.Key(2)));
    }

    [Fact]
    public void What_a_placement_lists_does_not_grow_with_tunnels_that_come_and_go()
    {
        _state.Take(Some.Metadata(0));
        for (var number = 1; number <= 500; number++)
        {
            var now = Some.Now.AddSeconds(30 * number);
            _state.Take(Some.Placement(0, 1, peers: Some.Peer(0, 0, Some.Key(number))), confirmed: true, now);
            Assert.True(_state.RemovePeer(Some.PublicAddress(0), Some.Key(number), now));
        }
        var held = Assert.Single(_state.NextRound(Some.Now)!.Held).Placement;
        Assert.Equal((1, 1), (held.Peers.Count, held.Message.Peers.Count));
    }

    private List<long> Round() => [.. _state.RoundDone(_state.NextRound(Some.Now)!, Some.Now).Serving.Select(placement => placement.Generation)];

    private void Take(bool confirmed, params PlacedPeer[] peers) => _state.Take(Some.Placement(0, 1, peers: peers), confirmed, Some.Now);

    private static PlacedPeer Granted(int key, int second, params int[] blocks) => Some.Peer(0, 0, Some.Key(key)) with
    {
        InnerAddresses = [.. blocks.Select(block => AddressLayout.AddressOfBlock(Some.Inner(0), block).ToString())],
        GrantedAt = Some.Now.AddSeconds(second),
    };

    private IEnumerable<int> BlocksOf(int key)
    {
        _state.Take(Some.Metadata(0));
        return Assert.Single(_state.NextRound(Some.Now)!.Desired.Addresses).Peers.Single(peer => peer.PublicKey == Some.Key(key))
            .InnerAddresses.Select(address => AddressLayout.BlockOf(Some.Inner(0), address)!.Value).Order();
    }
}
