using CsCheck;
using Vprox.NodeAgent.Core.Placements;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.Core;

/// <summary>Messages come late, doubled and in any order; the outcome is the same.</summary>
public sealed class PlacementOrderTests
{
    private sealed record Event(int Slot, long Generation, string? Node);

    private static readonly string?[] Nodes = [Some.Node, "i-2", "i-3", null];

    // What one Allocator can say: each generation of an address is one placement, or one release.
    private static readonly Gen<Event[]> Histories =
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 3].Select(node => Nodes[node])).Array[1, 12]
            .Select(steps => steps.GroupBy(step => step.Item1)
                .SelectMany(slot => slot.Select((step, index) => new Event(slot.Key, index + 1, step.Item2)))
                .ToArray());

    [Fact]
    public void Any_order_with_any_doubles_converges_to_the_same_placements() =>
        Histories.SelectMany(history => Gen.Select(Gen.Shuffle(history), Gen.Shuffle(history), (first, second) => (history, disorder: first.Concat(second).ToArray())))
            .Sample(sample =>
            {
                var expected = Final(sample.history);
                var actual = Final(sample.disorder);
                Assert.Equal(expected, actual);
            });

    [Fact]
    public void The_newest_generation_of_an_address_decides() =>
        Histories.SelectMany(history => Gen.Shuffle(history).Select(disorder => (history, disorder)))
            .Sample(sample =>
            {
                var newestHere = sample.history.GroupBy(e => e.Slot)
                    .Select(slot => slot.MaxBy(e => e.Generation)!)
                    .Where(newest => newest.Node == Some.Node)
                    .Select(newest => (Some.PublicAddress(newest.Slot), newest.Generation));
                Assert.Equal(newestHere.OrderBy(pair => pair.Item1.ToString()), Final(sample.disorder).OrderBy(pair => pair.Item1.ToString()));
            });

    /// <summary>What the node holds once EC2 has moved everything that was placed elsewhere away.</summary>
    private static List<(System.Net.IPAddress, long)> Final(IEnumerable<Event> events)
    {
        var table = new PlacementTable(Some.Node);
        foreach (var e in events)
        {
            if (e.Node is null)
                table.Release(Some.PublicAddress(e.Slot), e.Generation);
            else
                table.Place(Some.Placement(e.Slot, e.Generation, e.Node), Some.Now);
        }
        table.Settle(Some.Metadata(), Some.Now);
        return [.. table.Held.Select(placement => (placement.Address, placement.Generation))];
    }
}
