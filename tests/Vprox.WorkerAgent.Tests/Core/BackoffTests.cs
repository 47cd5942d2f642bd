using CsCheck;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Tests.Core;

public sealed class BackoffTests
{
    [Fact]
    public void Waits_double_from_a_quarter_of_a_second_to_ten_seconds() => Assert.Equal(
        [0.25, 0.5, 1, 2, 4, 8, 10, 10, 10], ((int[])[1, 2, 3, 4, 5, 6, 7, 8, int.MaxValue]).Select(attempt => Backoff.Delay(attempt, 1).TotalSeconds));

    [Fact]
    public void Waits_are_spread_over_their_later_half() => Gen.Select(Gen.Int[1, 1000], Gen.Double.Unit).Sample((attempt, spread) =>
    {
        var (shortest, wait, longest) = (Backoff.Delay(attempt, 0), Backoff.Delay(attempt, spread), Backoff.Delay(attempt, 1));
        Assert.Equal(longest / 2, shortest);
        Assert.Equal((shortest + (spread * (longest - shortest))).TotalSeconds, wait.TotalSeconds, 1e-6);
    });

    [Fact]
    public void What_the_other_side_asks_for_is_a_minimum() => Gen.Select(Gen.Int[1, 20], Gen.Double.Unit).Sample((attempt, spread) =>
        Backoff.Delay(attempt, spread, TimeSpan.FromSeconds(20)) >= TimeSpan.FromSeconds(20));

    [Fact]
    public void Those_who_were_all_told_the_same_time_come_back_over_a_quarter_of_it()
    {
        var back = ((double[])[0, 0.25, 0.5, 1]).Select(spread => Backoff.Delay(1, spread, TimeSpan.FromSeconds(2)).TotalSeconds);
        Assert.Equal([2, 2.125, 2.25, 2.5], back);
    }

    [Fact]
    public void A_time_that_is_shorter_than_the_own_wait_does_not_shorten_it() =>
        Assert.Equal(TimeSpan.FromSeconds(10), Backoff.Delay(20, 0, TimeSpan.FromSeconds(2)));

    [Fact]
    public void Handshakes_wait_three_seconds_at_most() => Assert.Equal(
        [0.25, 0.5, 1, 2, 3, 3], ((int[])[1, 2, 3, 4, 5, 1000]).Select(attempt => Backoff.OfHandshakes(attempt, 1).TotalSeconds));
}
