using CsCheck;
using Vprox.Failover.Core.Calls;

namespace Vprox.Failover.Tests.Core;

public sealed class ApiBudgetTests
{
    [Fact]
    public void No_span_of_time_holds_more_calls_than_burst_and_refill() =>
        Gen.Select(Gen.Int[0, 400].Array[1, 300], Gen.Double[0.05, 1]).Sample((gapsMs, share) =>
        {
            var (budget, now, taken) = (ApiBudget.Full(share), TimeSpan.Zero, new List<TimeSpan>());
            foreach (var gap in gapsMs)
            {
                now += TimeSpan.FromMilliseconds(gap);
                if (budget.Take(ApiAction.Associate, now) is not { } next) continue;
                budget = next;
                taken.Add(now);
            }

            foreach (var (index, first) in taken.Index())
            {
                var calls = taken.Skip(index).TakeWhile(at => at - first <= TimeSpan.FromSeconds(10)).Count();
                Assert.True(calls <= Math.Max(1, 50 * share) + (10 * 5 * share) + 1, $"{calls} calls within 10 s of {first}");
            }
        });

    [Fact]
    public void Every_waiting_call_gets_its_token_in_the_end()
    {
        var (budget, now, waited) = (ApiBudget.Full(1), TimeSpan.Zero, 0);
        for (var call = 0; call < 232; call++)
        {
            ApiBudget? next;
            while ((next = budget.Take(ApiAction.Associate, now)) is null) (now, waited) = (now + TimeSpan.FromMilliseconds(50), waited + 1);
            budget = next;
        }

        // 232 calls across subnets: 50 at once, the others at 5 a second.
        Assert.InRange(now.TotalSeconds, 36, 37);
    }

    [Fact]
    public void An_action_that_EC2_throttled_rests_until_its_bucket_has_a_token_again_and_the_others_go_on()
    {
        var budget = ApiBudget.Full(1).Throttled(ApiAction.Associate, TimeSpan.FromSeconds(1));

        Assert.Null(budget.Take(ApiAction.Associate, TimeSpan.FromMilliseconds(1100)));
        Assert.NotNull(budget.Take(ApiAction.Assign, TimeSpan.FromMilliseconds(1100)));
        Assert.NotNull(budget.Take(ApiAction.Associate, TimeSpan.FromMilliseconds(1201)));
    }
}
