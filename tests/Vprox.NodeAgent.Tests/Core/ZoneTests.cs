using CsCheck;
using Vprox.NodeAgent.Core.Placements;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.Core;

/// <summary>Which conntrack zone a placement gets: what was remembered in one must never serve another placement.</summary>
public sealed class ZoneTests
{
    [Fact]
    public void No_two_placements_that_a_node_takes_have_one_zone_however_generations_grow() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 9], Gen.Bool).Array[1, 40].Sample(steps =>
        {
            var table = new PlacementTable(Some.Node);
            var zones = new List<ushort>();
            var generation = 0L;
            foreach (var (slot, further, letGo) in steps)
            {
                generation += further;
                table.Place(Some.Placement(slot, generation), Some.Now);
                zones.Add(table.Find(Some.PublicAddress(slot))!.Here!.Zone);
                if (!letGo)
                    continue;
                table.Overtake(Some.PublicAddress(slot), ++generation, Some.Now);
                table.Settle(Some.Metadata(), Some.Now);
            }
            Assert.DoesNotContain((ushort)0, zones);
            Assert.Equal(zones.Count, zones.Distinct().Count());
        });

    [Fact]
    public void A_placement_keeps_its_zone_whatever_is_added_to_it()
    {
        var table = new PlacementTable(Some.Node);
        table.Place(Some.Placement(0, 5) with { Identity = null }, Some.Now);
        var zone = Zone(table, 0);
        Assert.Equal(PlacementOutcome.Completed, table.Place(Some.Placement(0, 5), Some.Now));
        Assert.Equal(PlacementOutcome.Completed, table.Place(Some.Placement(0, 5, peers: Some.Peer(0, 0, Some.Key(1))), Some.Now));
        Assert.Equal(zone, Zone(table, 0));
    }

    [Fact]
    public void After_the_last_zone_the_first_ones_come_again_but_for_those_that_are_in_use()
    {
        var table = new PlacementTable(Some.Node);
        table.Place(Some.Placement(0, 1), Some.Now);
        table.ResumeZones(ushort.MaxValue - 1);
        table.Place(Some.Placement(1, 2), Some.Now);
        table.Place(Some.Placement(2, 3), Some.Now);
        Assert.Equal([1, ushort.MaxValue, 2], Enumerable.Range(0, 3).Select(slot => (int)Zone(table, slot)));
    }

    [Fact]
    public void A_journal_with_one_zone_twice_gives_it_once()
    {
        var table = new PlacementTable(Some.Node);
        table.ResumeZones(9);
        table.Place(Some.Placement(0, 1) with { Zone = 7 }, Some.Now);
        table.Place(Some.Placement(1, 2) with { Zone = 7 }, Some.Now);
        Assert.Equal([7, 10], Enumerable.Range(0, 2).Select(slot => (int)Zone(table, slot)));
    }

    private static ushort Zone(PlacementTable table, int slot) => table.Find(Some.PublicAddress(slot))!.Here!.Zone;
}
