using CsCheck;
using Vprox.NodeAgent.Core.DataPlane.Counting;

namespace Vprox.NodeAgent.Tests.DataPlane.Counting;

public sealed class ShaperDropsTests
{
    private const int Port = 50_000;
    private const int Eni = 2;

    [Fact]
    public void What_a_queue_that_is_gone_dropped_stays_counted()
    {
        var drops = new ShaperDrops();

        drops.Take(Reading((Eni, 7)));
        drops.Take(Reading());
        Assert.Equal(7ul, drops.Of(Port, outgoing: true));

        drops.Take(Reading((Eni, 2)));
        Assert.Equal(9ul, drops.Of(Port, outgoing: true));
        Assert.Equal(0ul, drops.Of(Port, outgoing: false));
    }

    [Fact]
    public void A_queue_that_was_made_again_between_two_readings_counts_from_nothing()
    {
        var drops = new ShaperDrops();

        drops.Take(Reading((Eni, 7)));
        drops.Take(Reading((Eni, 3)));

        Assert.Equal(10ul, drops.Of(Port, outgoing: true));
    }

    [Fact]
    public void An_address_that_left_begins_anew()
    {
        var drops = new ShaperDrops();
        drops.Take(Reading((Eni, 7)));
        drops.Take(Reading());

        drops.Keep(new HashSet<int>([Port + 1]));

        Assert.Equal(0ul, drops.Of(Port, outgoing: true));
    }

    [Fact]
    public void However_queues_come_and_go_the_sum_never_falls_and_is_what_they_dropped() =>
        // On each of two links a queue drops more, is made again, or is away.
        Gen.Select(Gen.Int[-1, 5], Gen.Int[-1, 5]).List[0, 30].Sample(steps =>
        {
            var drops = new ShaperDrops();
            var (first, second, dropped) = (0, 0, 0ul);
            foreach (var (one, two) in steps)
            {
                (first, second) = (one < 0 ? 0 : first + one, two < 0 ? 0 : second + two);
                dropped += (ulong)(Math.Max(one, 0) + Math.Max(two, 0));
                drops.Take(Reading([.. Present(Eni, one, first), .. Present(Eni + 1, two, second)]));
                Assert.Equal(dropped, drops.Of(Port, outgoing: true));
            }
        });

    private static IEnumerable<(int Link, int Drops)> Present(int link, int step, int drops) => step < 0 ? [] : [(link, drops)];

    private static Dictionary<ShapedQueue, ulong> Reading(params (int Link, int Drops)[] queues) =>
        queues.ToDictionary(queue => new ShapedQueue(queue.Link, Port, Outgoing: true), queue => (ulong)queue.Drops);
}
