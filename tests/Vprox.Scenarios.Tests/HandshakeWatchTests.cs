using Vprox.Scenarios.Drills;
using static Vprox.Scenarios.Tests.Recorded;

namespace Vprox.Scenarios.Tests;

public sealed class HandshakeWatchTests
{
    private const string Address = "192.0.2.10";

    private static readonly BusMessage First = Placement(generation: 2, "i-2", port: 50_001);

    [Fact]
    public async Task A_run_that_ends_while_a_node_is_asked_ends_the_watch_and_nothing_else()
    {
        using var end = new CancellationTokenSource();
        var asked = new TaskCompletionSource();
        var watch = new HandshakeWatch(() => [First], async (_, _, cancel) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, cancel);
            return null;
        }, [Address], Fault);
        var running = watch.RunAsync(end.Token);
        await asked.Task;

        await end.CancelAsync();

        await running;
        Assert.Empty(watch.First);
    }

    [Fact]
    public async Task The_first_handshake_after_the_fault_with_the_newest_node_is_kept()
    {
        using var end = new CancellationTokenSource();
        var answers = new Queue<DateTimeOffset?>([null, Wall(-5), Wall(40), Wall(90)]);
        var looks = 0;
        var watch = new HandshakeWatch(
            () =>
            {
                if (++looks == 5)
                    end.Cancel();
                return [First, Placement(generation: 3, "i-3", port: 50_002), Placement(generation: 3, "i-3", port: 50_003, address: "192.0.2.99")];
            },
            (nodeId, name, _) =>
            {
                Assert.Equal(("i-3", "vp50002"), (nodeId, name));
                return Task.FromResult(answers.Dequeue());
            }, [Address], Fault);

        await watch.RunAsync(end.Token);

        Assert.Equal(Wall(40), watch.First[Address]);
        Assert.Single(answers);
    }

    private static BusMessage Placement(int generation, string nodeId, int port, string address = Address) =>
        Message("vprox.static-ip-placed", 800, new { address, generation, nodeId, listenPort = port });
}
