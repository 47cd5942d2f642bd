using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.Core;

public sealed class NodeTroubleTests
{
    private readonly NodeTrouble _trouble = new();

    [Fact]
    public void One_refused_round_is_no_trouble_yet()
    {
        _trouble.Refused("nft: no memory", Some.Now);

        Assert.Null(_trouble.At(TimeSpan.Zero, Some.Now.AddSeconds(1)));
    }

    [Fact]
    public void What_the_next_round_cannot_put_right_either_is_trouble_since_the_first()
    {
        _trouble.Refused("nft: no memory", Some.Now);
        _trouble.Refused("nft: no memory", Some.Now.AddSeconds(1));

        var (sentence, lasted) = _trouble.At(TimeSpan.Zero, Some.Now.AddSeconds(2))!.Value;
        Assert.Contains("nft: no memory", sentence, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(2), lasted);
    }

    [Fact]
    public void A_round_that_goes_through_ends_it()
    {
        _trouble.Refused("nft: no memory", Some.Now);
        _trouble.Refused("nft: no memory", Some.Now.AddSeconds(1));
        _trouble.Healed();

        Assert.Null(_trouble.At(TimeSpan.Zero, Some.Now.AddSeconds(2)));
    }

    [Fact]
    public void A_step_that_hangs_is_trouble_by_itself()
    {
        Assert.Null(_trouble.At(TimeSpan.FromSeconds(9), Some.Now));
        Assert.Equal(TimeSpan.FromSeconds(11), _trouble.At(TimeSpan.FromSeconds(11), Some.Now)!.Value.For);
    }

    [Fact]
    public void A_ruleset_that_is_undone_once_more_after_two_repairs_is_trouble_since_the_first()
    {
        _trouble.Repaired("set the nft table", Some.Now);
        _trouble.Repaired("set the nft table", Some.Now.AddSeconds(1));
        Assert.Null(_trouble.At(TimeSpan.Zero, Some.Now.AddSeconds(1)));
        _trouble.Repaired("set the nft table", Some.Now.AddSeconds(2));

        var (sentence, lasted) = _trouble.At(TimeSpan.Zero, Some.Now.AddSeconds(2))!.Value;
        Assert.Contains("set the nft table", sentence, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(2), lasted);

        _trouble.Healed();
        _trouble.Repaired("set the nft table", Some.Now.AddSeconds(3));
        Assert.Null(_trouble.At(TimeSpan.Zero, Some.Now.AddSeconds(3)));
    }
}
