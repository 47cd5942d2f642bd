using System.Net;
using Vprox.Addressing;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Tests.Core;

public sealed class PortShortageTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly InnerBlock Block = new(IPAddress.Parse("240.0.0.2"), AddressLayout.PortsOfBlock(0));

    [Fact]
    public void Ports_that_are_nearly_all_in_use_are_said_at_once_again_after_half_a_minute_and_when_it_is_over()
    {
        var (shortage, news) = After(PortShortage.None, used: 240, dropped: 0, second: 0);
        Assert.Equal(PortNews.TooFew, news);
        (shortage, news) = After(shortage, used: 250, dropped: 12, second: 10);
        Assert.Equal(PortNews.Nothing, news);
        (shortage, news) = After(shortage, used: 256, dropped: 30, second: 31);
        Assert.Equal((PortNews.TooFew, 42), (news, shortage.Dropped));
        (shortage, news) = After(shortage, used: 10, dropped: 0, second: 35);
        Assert.Equal((PortNews.Nothing, true), (news, shortage.IsShort));
        (shortage, news) = After(shortage, used: 10, dropped: 0, second: 42);
        Assert.Equal((PortNews.Over, false), (news, shortage.IsShort));
    }

    [Fact]
    public void Dropped_packets_are_a_full_tunnels_and_not_those_of_one_with_room()
    {
        Assert.Equal(PortNews.TooFew, After(PortShortage.None, used: 200, dropped: 3, second: 0).News);
        Assert.Equal(PortNews.Nothing, After(PortShortage.None, used: 200, dropped: 0, second: 0).News);
        Assert.Equal(PortNews.Nothing, After(PortShortage.None, used: 100, dropped: 3, second: 0).News);
    }

    private static (PortShortage Shortage, PortNews News) After(PortShortage before, int used, long dropped, int second) => before.After(
        new PortLoad { Used = used, Total = used, Fullest = new Dictionary<IPAddress, int> { [Block.Address] = used } }, [Block], dropped, Start.AddSeconds(second));
}
