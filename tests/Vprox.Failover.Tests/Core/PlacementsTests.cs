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

        Assert.Equal(2, newer.Replace([Placed(1)], asked).Desired["192.0.2.1"].Generation);
        Assert.Equal(2, newer.Replace([], asked).Desired["192.0.2.1"].Generation);
        Assert.Empty(asked.Replace([], asked).Desired);
    }

    private static DesiredAddress Placed(long generation) => new("192.0.2.1", "e1", "10.0.1.20", $"eni-{generation}", "n", generation);
}
