using CsCheck;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Tests.Core;

public sealed class BackoffTests
{
    [Fact]
    public void Waits_grow_to_ten_seconds_and_are_spread() => Gen.Select(Gen.Int[1, 1000], Gen.Double.Unit).Sample((attempt, spread) =>
    {
        var wait = Backoff.Delay(attempt, spread);
        return wait >= TimeSpan.FromMilliseconds(125) && wait <= TimeSpan.FromSeconds(10);
    });

    [Fact]
    public void What_the_other_side_asks_for_is_a_minimum() => Gen.Select(Gen.Int[1, 20], Gen.Double.Unit).Sample((attempt, spread) =>
        Backoff.Delay(attempt, spread, TimeSpan.FromSeconds(20)) >= TimeSpan.FromSeconds(20));
}
