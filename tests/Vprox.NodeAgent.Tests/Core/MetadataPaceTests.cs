using Vprox.NodeAgent.Core.Metadata;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.Core;

public sealed class MetadataPaceTests
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(1);

    private readonly MetadataPace _pace = new(Usual);

    [Fact]
    public void Nothing_awaited_is_nothing_hurried() => Assert.Equal(Usual, _pace.Next([], Some.Now));

    [Fact]
    public void An_address_on_its_way_is_looked_for_often_at_first_and_ever_less()
    {
        AwaitedAddress[] awaited = [Awaited(0)];

        Assert.InRange(_pace.Next(awaited, Some.Now) + MetadataPace.Least, TimeSpan.FromMilliseconds(25), TimeSpan.FromMilliseconds(50));
        Assert.InRange(_pace.Next(awaited, Some.Now.AddSeconds(9)), TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
        Assert.Equal(TimeSpan.FromMilliseconds(250), _pace.Next(awaited, Some.Now.AddSeconds(11)));
        Assert.Equal(Usual, _pace.Next(awaited, Some.Now.AddMinutes(3)));
    }

    [Fact]
    public void Another_address_or_the_word_that_it_moved_makes_it_often_again()
    {
        _pace.Next([Awaited(0)], Some.Now);
        var late = Some.Now.AddMinutes(5);

        Assert.Equal(Usual, _pace.Next([Awaited(0)], late));
        Assert.InRange(_pace.Next([Awaited(0), Awaited(1)], late), TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
        _pace.Hurry(late.AddMinutes(5));
        Assert.InRange(_pace.Next([Awaited(0)], late.AddMinutes(5)), TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void A_move_that_nobody_announced_is_looked_for_until_something_changed()
    {
        _pace.Hurry(Some.Now);
        Assert.Equal(TimeSpan.FromMilliseconds(100), _pace.Next([], Some.Now));

        _pace.Changed();
        Assert.Equal(Usual, _pace.Next([], Some.Now));
    }

    private static AwaitedAddress Awaited(int slot) => new(Some.PublicAddress(slot), Some.PrivateAddress(slot), 1, "eni-1", Leaves: false);
}
