using System.Collections.Immutable;
using Vprox.Failover.Core.Drift;
using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Tests.Core;

public sealed class DriftWatchTests
{
    private static readonly Ec2Question All = Ec2Question.About(["e0", "e1"], [], ["a/1", "a/2"]);
    private static readonly ObservedEc2 Right = Seen(("a.0", "a/1"), ("a.1", "a/1"));
    private static readonly ObservedEc2 ByHand = Seen(("a.0", "a/1"), ("a.1", "a/2"));

    private readonly MoveBoard board;
    private readonly FleetPicture told;

    public DriftWatchTests()
    {
        var placements = Placements.Empty
            .Place(new DesiredAddress("192.0.2.0", "e0", "a.0", "a/1", "n1", 1)).Place(new DesiredAddress("192.0.2.1", "e1", "a.1", "a/1", "n1", 4));
        told = FleetPicture.Empty with
        {
            Placements = placements,
            NodeOfInterface = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("a/1", "n1").Add("a/2", "n2"),
        };
        board = MoveBoard.Empty
            .Follow(placements, new Dictionary<string, bool> { ["192.0.2.0"] = false, ["192.0.2.1"] = false }, TimeSpan.Zero)
            .Observed(All, Right, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void An_address_that_two_sweeps_show_elsewhere_is_moved_back()
    {
        Assert.Empty(board.Open);
        var finding = Assert.Single(Look(ByHand, ByHand));

        Assert.Equal(new DriftFinding("192.0.2.1", "192.0.2.1 is on a/2 with a.1, placed on a/1 with a.1, generation 4", Repaired: true), finding);
        var reopened = board.Observed(All, ByHand, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(3)).Reopen([finding.Address!]);
        var call = Assert.Single(reopened.Plan(told, _ => null, default, TimeSpan.FromSeconds(9)).Calls);
        Assert.Equal("a/1: a.1", call.Step is MoveStep.Assign assign ? $"{assign.NetworkInterfaceId}: {string.Join(' ', assign.PrivateAddresses)}" : "");
    }

    [Fact]
    public void One_stale_sweep_is_no_drift() => Assert.Empty(Look(ByHand, Right, ByHand, Right));

    [Fact]
    public void A_sweep_that_the_node_itself_contradicts_is_no_drift()
    {
        var (watch, _) = DriftWatch.Empty.Look(ByHand, TimeSpan.FromSeconds(1), board, told, true);
        var seenOnNode = told with { Reports = told.Reports.Add("n1", new ImdsReport(TimeSpan.FromSeconds(2), [("a/1", "a.1"), ("a/1", "a.0")])) };

        (watch, var findings) = watch.Look(ByHand, TimeSpan.FromSeconds(3), board, seenOnNode, true);
        Assert.Empty(findings);
        // What the node said before the last look says nothing about this one.
        Assert.Single(watch.Look(ByHand, TimeSpan.FromSeconds(5), board, seenOnNode, true).Findings);
    }

    [Fact]
    public void An_address_that_is_nowhere_is_repaired() =>
        Assert.Equal("192.0.2.1 is associated with nothing, placed on a/1 with generation 4", Assert.Single(Look(Seen(("a.0", "a/1")), Seen(("a.0", "a/1")))).Found);

    [Fact]
    public void What_no_placement_names_is_reported_once_for_as_long_as_it_is_there()
    {
        var stray = Right with { SecondaryAddresses = Right.SecondaryAddresses.SetItem("a/2", ["a.7", "a.8"]), ElasticIpOn = Right.ElasticIpOn.Add("a.8", "192.0.2.8") };

        Assert.Equal(
            ["a.7 is on a/2 of n2, and no placement names it", "192.0.2.8 is associated with a.8 on a/2 of n2, and nothing places it there"],
            Look(stray, stray, stray, stray).Select(finding => finding.Found));
        Assert.Equal(2, Look(stray, stray, Right, stray, stray).Count(finding => finding.Address is null));
        Assert.All(Look(stray, stray), finding => Assert.False(finding.Repaired));
    }

    [Fact]
    public void Nothing_is_a_stray_before_the_Allocator_has_listed_everything()
    {
        var stray = Right with { SecondaryAddresses = Right.SecondaryAddresses.SetItem("a/2", ["a.7"]) };

        var (watch, _) = DriftWatch.Empty.Look(stray, TimeSpan.FromSeconds(1), board, told, isComplete: false);
        Assert.Empty(watch.Look(stray, TimeSpan.FromSeconds(3), board, told, isComplete: false).Findings);
    }

    [Fact]
    public void An_address_under_way_is_no_drift()
    {
        var moving = board.Follow(told.Placements.Place(new DesiredAddress("192.0.2.1", "e1", "a.1", "a/2", "n2", 5)), new Dictionary<string, bool> { ["192.0.2.1"] = true }, TimeSpan.Zero);

        var (watch, _) = DriftWatch.Empty.Look(Right, TimeSpan.FromSeconds(1), moving, told, true);
        Assert.Empty(watch.Look(Right, TimeSpan.FromSeconds(3), moving, told, true).Findings);
    }

    private List<DriftFinding> Look(params ObservedEc2[] sweeps)
    {
        var (watch, all) = (DriftWatch.Empty, new List<DriftFinding>());
        foreach (var (index, seen) in sweeps.Index())
        {
            (watch, var findings) = watch.Look(seen, TimeSpan.FromSeconds(2 + (2 * index)), board, told, true);
            all.AddRange(findings);
        }
        return all;
    }

    private static ObservedEc2 Seen(params (string Address, string Eni)[] held) => new BoardRun(new Ec2Model(
        held, held.Select(pair => ($"e{pair.Address[2..]}", pair.Address)))).Look(All);
}
