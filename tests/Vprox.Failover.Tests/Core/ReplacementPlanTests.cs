using Vprox.Failover.Core.Liveness;
using Vprox.Failover.Core.Replacement;

namespace Vprox.Failover.Tests.Core;

public sealed class ReplacementPlanTests
{
    private static readonly TimeSpan After = TimeSpan.FromMinutes(10);
    private static readonly NodeStandingNow LongDead = new(true, TimeSpan.FromMinutes(11), ByOperator: false);

    [Theory]
    [InlineData("terminated", false, 0, false, true)]
    [InlineData("shutting-down", false, 0, false, true)]
    [InlineData("terminated", true, 20, true, true)]
    [InlineData("running", true, 11, false, true)]
    [InlineData("stopped", true, 11, false, true)]
    [InlineData("running", true, 9, false, false)]
    [InlineData("running", true, 11, true, false)]
    [InlineData("running", false, 0, false, false)]
    [InlineData("stopping", false, 0, false, false)]
    [InlineData(null, true, 60, false, false)]
    public void A_node_is_replaced_when_it_is_gone_for_good(string? state, bool dead, int minutes, bool byOperator, bool replaced) =>
        Assert.Equal(replaced, ReplacementPlan.Plan([Node(state, new(dead, TimeSpan.FromMinutes(minutes), byOperator))], After).Count == 1);

    [Fact]
    public void It_is_replaced_once_and_with_the_same_token_each_time()
    {
        var first = Assert.Single(ReplacementPlan.Plan([Node("running", LongDead)], After));

        Assert.Equal(first, Assert.Single(ReplacementPlan.Plan([Node("running", LongDead)], After)));
        Assert.InRange(first.ClientToken.Length, 1, 64);
        Assert.Equal("subnet-1", first.SubnetId);
        Assert.Empty(ReplacementPlan.Plan([Node("running", LongDead) with { IsReplaced = true }], After));
        Assert.NotEqual(first.ClientToken, ReplacementPlan.Plan([Node("running", LongDead) with { NodeId = "n2" }], After)[0].ClientToken);
    }

    private static FleetNode Node(string? state, NodeStandingNow standing) => new("n1", "i-1", "subnet-1", standing, state, false);
}
