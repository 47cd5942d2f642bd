using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Tests.Core;

public sealed class HandshakePaceTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Five_handshakes_go_at_once_and_the_others_twenty_a_second()
    {
        var pace = new HandshakePace();

        var waits = Enumerable.Range(0, 25).Select(_ => pace.Next(Now).TotalMilliseconds).ToList();

        Assert.Equal(0, waits.Take(5).Max());
        Assert.Equal(Enumerable.Range(1, 20).Select(number => number * 50.0), waits.Skip(5));
    }

    [Fact]
    public void After_a_rest_five_go_at_once_again()
    {
        var pace = new HandshakePace();
        for (var begun = 0; begun < 25; begun++)
            pace.Next(Now);

        Assert.Equal(TimeSpan.Zero, pace.Next(Now.AddSeconds(3)));
    }
}
