using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.Core;

public sealed class NodeStateTests
{
    private readonly NodeState _state = new(Some.Node);

    [Fact]
    public void Before_IMDS_was_read_nothing_is_asked_of_the_kernel()
    {
        _state.Take(Some.Placement(0, 1), confirmed: false, Some.Now);
        Assert.Null(_state.NextRound(Some.Now));
    }

    [Fact]
    public void An_address_is_announced_once_for_each_generation()
    {
        _state.Take(Some.Placement(0, 1), confirmed: false, Some.Now);
        _state.Take(Some.Metadata());
        Assert.Empty(Round());
        _state.Take(Some.Metadata(0));
        Assert.Equal([1L], Round());
        Assert.Empty(Round());
        _state.Take(Some.Placement(0, 2), confirmed: false, Some.Now);
        Assert.Equal([2L], Round());
    }

    [Fact]
    public void An_address_that_went_and_came_is_announced_again()
    {
        _state.Take(Some.Placement(0, 1), confirmed: false, Some.Now);
        _state.Take(Some.Metadata(0));
        Assert.Equal([1L], Round());
        _state.Take(Some.Metadata());
        Assert.Empty(Round());
        _state.Take(Some.Metadata(0));
        Assert.Equal([1L], Round());
    }

    [Fact]
    public void An_address_that_shall_leave_is_served_and_not_said_to_serve()
    {
        _state.Take(Some.Placement(0, 1), confirmed: false, Some.Now);
        _state.Take(Some.Metadata(0));
        Round();
        _state.Take(Some.Placement(0, 2, "i-2"), confirmed: false, Some.Now);
        Assert.Equal("ens5", Assert.Single(_state.NextRound(Some.Now)!.Desired.Addresses).LinkName);
        Assert.Empty(_state.Serving);
        _state.Take(Some.Metadata());
        Assert.Empty(_state.NextRound(Some.Now)!.Desired.Addresses);
    }

    [Fact]
    public void The_same_metadata_again_is_no_change()
    {
        Assert.True(_state.Take(Some.Metadata(0, 1)));
        Assert.False(_state.Take(Some.Metadata(1, 0)));
        Assert.True(_state.Take(Some.Metadata(0)));
    }

    private List<long> Round() => [.. _state.RoundDone(_state.NextRound(Some.Now)!, Some.Now).Serving.Select(placement => placement.Generation)];
}
