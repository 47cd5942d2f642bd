using Vprox.NodeAgent.Core.DataPlane.Ruleset;

namespace Vprox.NodeAgent.Tests.DataPlane.Counting;

public sealed class AddressCountersTests
{
    [Fact]
    public void A_counters_name_says_whose_it_is()
    {
        Assert.Equal((50_000, true), AddressCounters.Parse(AddressCounters.Sent(50_000)));
        Assert.Equal((65_535, false), AddressCounters.Parse(AddressCounters.Received(65_535)));
    }

    [Theory]
    [InlineData("internet_syn")]
    [InlineData("sent")]
    [InlineData("sent-1")]
    [InlineData("sent 1")]
    [InlineData("sent65536")]
    [InlineData("sent50000x")]
    [InlineData("received_50000")]
    public void Other_counters_are_nobodys(string name) => Assert.Null(AddressCounters.Parse(name));
}
