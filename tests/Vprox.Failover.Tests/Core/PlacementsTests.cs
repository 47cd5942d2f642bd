using CsCheck;
using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Tests.Core;

public sealed class PlacementsTests
{
    [Fact]
    public void Doubled_late_and_reordered_messages_end_at_the_newest_generation() =>
        Gen.Select(Gen.Int[1, 9], Gen.Bool).Array[1, 20].Sample(messages =>
        {
            // A generation is either a placement or a release, whichever comes first here.
            var kinds = messages.GroupBy(m => m.Item1).ToDictionary(group => group.Key, group => group.First().Item2);
            var placements = messages.Aggregate(Placements.Empty, (all, m) => kinds[m.Item1] ? all.Place(Placed(m.Item1)) : all.Release("192.0.2.1", m.Item1));

            var newest = messages.Max(m => m.Item1);
            Assert.Equal(kinds[newest] ? newest : null, placements.Desired.GetValueOrDefault("192.0.2.1")?.Generation);
            Assert.Equal(kinds[newest] ? 0 : newest, placements.Released.GetValueOrDefault("192.0.2.1"));
        });

    [Fact]
    public void A_placement_that_came_after_the_snapshot_was_asked_for_stays()
    {
        var asked = Placements.Empty.Place(Placed(1));
        var newer = asked.Place(Placed(2));

        Assert.Equal(2, newer.Replace([Placed(1)], asked, 1).Desired["192.0.2.1"].Generation);
        Assert.Equal(2, newer.Replace([], asked, 1).Desired["192.0.2.1"].Generation);
        Assert.Empty(asked.Replace([], asked, 0).Desired);
    }

    [Fact]
    public void What_was_given_back_is_not_placed_again_by_a_message_that_comes_late()
    {
        var givenBack = Placements.Empty.Place(Placed(1)).Release("192.0.2.1", 2).GaveBack("192.0.2.1", 2);
        Assert.Empty(givenBack.Place(Placed(1)).Desired);
        // A snapshot that was read before the release, and one that was read after it.
        Assert.Empty(givenBack.Replace([Placed(1)], Placements.Empty, 1).Place(Placed(1)).Desired);
        Assert.Empty(givenBack.Replace([], Placements.Empty, 2).Place(Placed(1)).Desired);
        Assert.Single(givenBack.Replace([], Placements.Empty, 2).Place(Placed(3)).Desired);
    }

    /// <summary>Decisions over three addresses, a snapshot after some of them, and every message also late, doubled and in any order.</summary>
    [Fact]
    public void After_a_snapshot_no_late_message_changes_what_is_placed() =>
        (from decisions in Gen.Select(Gen.Int[1, 3], Gen.Bool).Array[1, 12]
         from read in Gen.Int[0, decisions.Length]
         from before in Gen.Shuffle(Enumerable.Range(0, decisions.Length).ToArray())
         from heard in Gen.Int[0, read]
         from after in Gen.Shuffle(Enumerable.Range(0, decisions.Length).Concat(Enumerable.Range(read, decisions.Length - read)).ToArray())
         select (decisions, read, before: before.Where(index => index < read).Take(heard).ToArray(), after))
        .Sample(sample =>
        {
            var early = sample.before.Aggregate(Placements.Empty, (all, index) => Take(all, sample.decisions, index));
            var placements = sample.after.Aggregate(
                early.Replace(State(sample.decisions.Take(sample.read)), early, sample.read), (all, index) => Take(all, sample.decisions, index));
            Assert.Equal(State(sample.decisions), placements.Desired.Values);
        });

    private static Placements Take(Placements all, (int Slot, bool IsPlaced)[] decisions, int index) => decisions[index].IsPlaced
        ? all.Place(Placed(index + 1, decisions[index].Slot))
        : all.Release($"192.0.2.{decisions[index].Slot}", index + 1);

    private static List<DesiredAddress> State(IEnumerable<(int Slot, bool IsPlaced)> decisions) =>
        [.. decisions.Select((decision, index) => (decision, Generation: index + 1)).GroupBy(pair => pair.decision.Slot).OrderBy(slot => slot.Key)
            .Select(slot => slot.Last()).Where(last => last.decision.IsPlaced).Select(last => Placed(last.Generation, last.decision.Slot))];

    private static DesiredAddress Placed(long generation, int slot = 1) => new($"192.0.2.{slot}", $"e{slot}", "10.0.1.20", $"eni-{generation}", "n", generation);
}
