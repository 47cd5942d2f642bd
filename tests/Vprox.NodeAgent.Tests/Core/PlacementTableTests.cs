using Vprox.NodeAgent.Core.Placements;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.Core;

public sealed class PlacementTableTests
{
    private readonly PlacementTable _table = new(Some.Node);

    [Fact]
    public void A_placement_on_this_node_is_held()
    {
        Assert.Equal(PlacementOutcome.Placed, _table.Place(Some.Placement(0, 1), Some.Now));
        Assert.Equal([Some.PublicAddress(0)], _table.Held.Select(placement => placement.Address));
    }

    [Fact]
    public void A_placement_on_another_node_is_not()
    {
        Assert.Equal(PlacementOutcome.Ignored, _table.Place(Some.Placement(0, 1, "i-2"), Some.Now));
        Assert.Empty(_table.Held);
    }

    [Fact]
    public void A_late_placement_changes_nothing()
    {
        _table.Place(Some.Placement(0, 5), Some.Now);
        Assert.Equal(PlacementOutcome.Ignored, _table.Place(Some.Placement(0, 4), Some.Now));
        Assert.Equal(PlacementOutcome.Ignored, _table.Place(Some.Placement(0, 4, "i-2"), Some.Now));
        Assert.Equal(5, Assert.Single(_table.Held).Generation);
        Assert.True(_table.Find(Some.PublicAddress(0))!.IsPlacedHere);
    }

    [Fact]
    public void A_doubled_placement_changes_nothing()
    {
        _table.Place(Some.Placement(0, 5), Some.Now);
        Assert.Equal(PlacementOutcome.Ignored, _table.Place(Some.Placement(0, 5), Some.Now));
    }

    [Fact]
    public void A_placement_that_comes_in_parts_gathers_its_peers()
    {
        _table.Place(Some.Placement(0, 5, peers: Some.Peer(0, 0, Some.Key(1))), Some.Now);
        Assert.Equal(PlacementOutcome.Completed, _table.Place(Some.Placement(0, 5, peers: Some.Peer(0, 1, Some.Key(2))), Some.Now));
        Assert.Equal(2, Assert.Single(_table.Held).Peers.Count);
        Assert.Equal(2, Assert.Single(_table.Held).Message.Peers.Count);
    }

    [Fact]
    public void A_placement_sealed_anew_opens_one_whose_seal_did_not()
    {
        _table.Place(Some.Placement(0, 5) with { Identity = null }, Some.Now);
        Assert.Equal(PlacementOutcome.Completed, _table.Place(Some.Placement(0, 5), Some.Now));
        Assert.NotNull(Assert.Single(_table.Held).Identity);
    }

    [Fact]
    public void Another_bandwidth_changes_a_placement_in_place()
    {
        _table.Place(Some.Placement(0, 5, peers: Some.Peer(0, 0, Some.Key(1))), Some.Now);
        Assert.Equal(PlacementOutcome.Completed, _table.Place(Rated(generation: 2, ceilingMbps: 50), Some.Now));
        // Late, doubled, and of an older change.
        Assert.Equal(PlacementOutcome.Ignored, _table.Place(Rated(generation: 2, ceilingMbps: 50), Some.Now));
        Assert.Equal(PlacementOutcome.Ignored, _table.Place(Rated(generation: 1, ceilingMbps: 10), Some.Now));

        var held = Assert.Single(_table.Held);
        Assert.Equal((50, 50), (held.Bandwidth.CeilingMbps!.Value, held.Message.CeilingMbps!.Value));
        Assert.Single(held.Peers);
        Assert.NotNull(held.Identity);
    }

    private static Placement Rated(long generation, int ceilingMbps) =>
        PlacementParser.TryParse(Some.Message(0, 5) with { BandwidthGeneration = generation, CeilingMbps = ceilingMbps }, out var placement, out var error)
            ? placement
            : throw new ArgumentException(error);

    [Fact]
    public void An_address_placed_elsewhere_is_held_while_IMDS_shows_it_here()
    {
        _table.Place(Some.Placement(0, 1), Some.Now);
        Assert.Equal(PlacementOutcome.Lost, _table.Place(Some.Placement(0, 2, "i-2"), Some.Now));
        Assert.Empty(_table.Settle(Some.Metadata(0), Some.Now.AddSeconds(30)));
        Assert.Single(_table.Held);
        Assert.Single(_table.Settle(Some.Metadata(), Some.Now.AddSeconds(31)));
        Assert.Empty(_table.Held);
    }

    [Fact]
    public void An_address_that_shall_leave_is_let_go_in_the_end_even_if_IMDS_shows_it()
    {
        _table.Place(Some.Placement(0, 1), Some.Now);
        _table.Place(Some.Placement(0, 2, "i-2"), Some.Now);
        Assert.Single(_table.Settle(Some.Metadata(0), Some.Now + PlacementTable.LongestLeave));
        Assert.Empty(_table.Held);
    }

    [Fact]
    public void An_address_that_comes_back_is_placed_again()
    {
        _table.Place(Some.Placement(0, 1), Some.Now);
        _table.Place(Some.Placement(0, 2, "i-2"), Some.Now);
        Assert.Equal(PlacementOutcome.Placed, _table.Place(Some.Placement(0, 3), Some.Now));
        Assert.True(_table.Find(Some.PublicAddress(0))!.IsPlacedHere);
        Assert.Null(_table.Find(Some.PublicAddress(0))!.LeavingSince);
    }

    [Fact]
    public void A_released_address_is_let_go_at_once()
    {
        _table.Place(Some.Placement(0, 1), Some.Now);
        Assert.Equal(PlacementOutcome.Released, _table.Release(Some.PublicAddress(0), 2));
        Assert.Empty(_table.Held);
        Assert.Single(_table.Settle(Some.Metadata(0), Some.Now));
        Assert.Equal(PlacementOutcome.Ignored, _table.Place(Some.Placement(0, 1), Some.Now));
        Assert.Empty(_table.Held);
    }

    [Fact]
    public void A_late_release_changes_nothing()
    {
        _table.Place(Some.Placement(0, 3), Some.Now);
        Assert.Equal(PlacementOutcome.Ignored, _table.Release(Some.PublicAddress(0), 2));
        Assert.Single(_table.Held);
    }

    [Fact]
    public void What_a_snapshot_does_not_name_shall_leave()
    {
        _table.Place(Some.Placement(0, 1), Some.Now);
        _table.Place(Some.Placement(1, 1), Some.Now);
        var asked = _table.PlacedGenerations();
        Assert.Equal([Some.PublicAddress(0)], _table.EndSnapshot(asked, new HashSet<System.Net.IPAddress> { Some.PublicAddress(1) }, 0, Some.Now));
        Assert.True(_table.Find(Some.PublicAddress(0))!.IsLeaving);
        Assert.True(_table.Find(Some.PublicAddress(1))!.IsPlacedHere);
    }

    [Fact]
    public void What_came_while_a_snapshot_was_under_way_stays()
    {
        _table.Place(Some.Placement(0, 1), Some.Now);
        var asked = _table.PlacedGenerations();
        _table.Place(Some.Placement(0, 2), Some.Now);
        _table.Place(Some.Placement(1, 1), Some.Now);
        Assert.Empty(_table.EndSnapshot(asked, new HashSet<System.Net.IPAddress>(), 0, Some.Now));
        Assert.Equal(2, _table.PlacedGenerations().Count);
    }

    [Fact]
    public void A_later_snapshot_that_names_it_takes_back_an_earlier_one_that_did_not()
    {
        _table.Place(Some.Placement(0, 1), Some.Now);
        _table.EndSnapshot(_table.PlacedGenerations(), new HashSet<System.Net.IPAddress>(), 0, Some.Now);
        _table.Place(Some.Placement(0, 1), Some.Now);
        Assert.True(_table.Find(Some.PublicAddress(0))!.IsLeaving);
        _table.Confirm(Some.Placement(0, 1), Some.Now);
        Assert.True(_table.Find(Some.PublicAddress(0))!.IsPlacedHere);
    }

    [Fact]
    public void A_placement_that_the_last_snapshot_should_have_named_comes_too_late()
    {
        _table.Confirm(Some.Placement(0, 3), Some.Now);
        _table.EndSnapshot(_table.PlacedGenerations(), new HashSet<System.Net.IPAddress> { Some.PublicAddress(0) }, 7, Some.Now);

        Assert.Equal(PlacementOutcome.Ignored, _table.Place(Some.Placement(1, 6), Some.Now));
        Assert.Equal(PlacementOutcome.Completed, _table.Place(Some.Placement(0, 3, peers: Some.Peer(0, 0, Some.Key(1))), Some.Now));
        Assert.Equal(PlacementOutcome.Placed, _table.Place(Some.Placement(2, 8), Some.Now));
        Assert.Equal([Some.PublicAddress(0), Some.PublicAddress(2)], _table.Held.Select(placement => placement.Address));
    }

    [Fact]
    public void What_came_while_a_snapshot_was_under_way_and_was_over_when_it_was_read_shall_leave()
    {
        var asked = _table.PlacedGenerations();
        _table.Place(Some.Placement(0, 1), Some.Now);
        Assert.Single(_table.EndSnapshot(asked, new HashSet<System.Net.IPAddress>(), 1, Some.Now));
    }

    [Fact]
    public void A_placement_that_comes_after_its_address_went_on_is_never_held()
    {
        _table.Place(Some.Placement(0, 2, "i-2"), Some.Now);
        Assert.Equal(PlacementOutcome.Ignored, _table.Place(Some.Placement(0, 1), Some.Now));
        Assert.Empty(_table.Held);
    }
}
