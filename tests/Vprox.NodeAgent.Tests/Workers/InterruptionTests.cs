using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Vprox.Contracts;
using Vprox.NodeAgent.Adapters.Imds;
using Vprox.NodeAgent.Tests.Given;
using Vprox.NodeAgent.Tests.Imds;
using Vprox.NodeAgent.Workers;

namespace Vprox.NodeAgent.Tests.Workers;

/// <summary>From IMDS's notices to the node's own drain.</summary>
public sealed class InterruptionTests
{
    [Fact]
    public async Task A_node_that_EC2_will_end_asks_for_its_drain_once_for_each_notice()
    {
        await using var imds = await ScriptedImds.StartAsync();
        var time = new FakeTimeProvider();
        var bus = new RecordingBus();
        using var client = new ImdsClient(imds.Uri, time);
        using var events = new EventQueue(bus, bus, NullLogger<EventQueue>.Instance);
        using var loop = new InterruptionLoop(client, new NodeIdentity(Some.Node, Some.Now), events, time, NullLogger<InterruptionLoop>.Instance);
        await events.StartAsync(CancellationToken.None);
        await loop.StartAsync(CancellationToken.None);

        imds.Values["spot/instance-action"] = """{"action":"terminate","time":"2026-03-01T12:02:00Z"}""";
        await PassUntilAsync(() => bus.Of<DrainNode>().Count() == 1);
        imds.Values["events/recommendations/rebalance"] = """{"noticeTime":"2026-03-01T12:00:00Z"}""";
        await PassUntilAsync(() => bus.Of<DrainNode>().Count() == 2);
        var asked = imds.Gets;
        await PassUntilAsync(() => imds.Gets > asked + 9);

        Assert.Equal(
            ["spot instance-action terminate at 2026-03-01T12:02:00Z", "rebalance recommendation of 2026-03-01T12:00:00Z"], bus.Of<DrainNode>().Select(drain => drain.Reason));
        Assert.All(bus.Of<DrainNode>(), drain => Assert.Equal(Some.Node, drain.NodeId));
        await loop.StopAsync(CancellationToken.None);
        await events.StopAsync(CancellationToken.None);

        Task PassUntilAsync(Func<bool> condition) => Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return condition();
        }, "IMDS was asked");
    }
}
