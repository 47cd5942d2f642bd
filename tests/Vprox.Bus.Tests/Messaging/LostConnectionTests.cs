using System.Collections.Concurrent;
using System.Diagnostics;
using MassTransit;
using Vprox.Bus.Messaging;
using Vprox.Contracts;
using Vprox.Lab.Broker;

namespace Vprox.Bus.Tests.Messaging;

/// <summary>What publishes and requests do when their connection goes while they are on it.</summary>
public sealed class LostConnectionTests
{
    private const int Cuts = 4;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private sealed class Snapshots : IConsumer<RequestNodeSnapshot>
    {
        public Task Consume(ConsumeContext<RequestNodeSnapshot> context) =>
            context.RespondAsync(new NodeSnapshot { NodeId = context.Message.NodeId, Known = true, Placements = [] });
    }

    // MassTransit 8.5.12's GetResponse outlives its token and its timeout when the connection goes under it: the caller waited for ever
    // (rabbitmq-dotnet-client 1930 tells of the same with 7.2.2).
    [Fact]
    public async Task Every_publish_and_request_ends_in_time_and_the_next_gets_through_however_often_the_connection_goes()
    {
        // A broker of its own: what it answers, other tests want unanswered.
        await using var broker = await RabbitBroker.StartAsync();
        await using var proxy = new CutProxy(broker.Uri);
        await using var service = await TestService.StartAsync(
            proxy.Uri, bus => bus.Queue($"vprox.test.{Guid.NewGuid():N}", QueueKind.Quorum, queue => queue.Consumer<Snapshots>()),
            args: ["--Bus:PublishTimeout", Timeout.ToString(), "--Bus:RequestTimeout", Timeout.ToString()]);
        using var stop = new CancellationTokenSource();
        var done = new ConcurrentDictionary<string, int>();
        var longest = TimeSpan.Zero;
        Task[] traffic =
        [
            .. Enumerable.Range(0, 3).Select(_ => RepeatAsync("publish", () => service.Publisher.PublishAsync(new CordonNode { NodeId = "n" }, default))),
            .. Enumerable.Range(0, 3).Select(_ => RepeatAsync(
                "request", () => service.Requester.RequestAsync<RequestNodeSnapshot, NodeSnapshot>(new RequestNodeSnapshot { NodeId = "n" }, default))),
        ];

        for (var cut = 0; cut < Cuts; cut++)
        {
            await AllGoOnAsync();
            var connections = service.Connection.Connections;
            proxy.Cut();
            await Eventually.TrueAsync(() => !service.Connection.IsConnected, "the outage noticed");
            proxy.Mend();
            await service.Connection.WaitForConnectionAsync(connections, default).WaitAsync(Eventually.Deadline);
        }
        await AllGoOnAsync();

        await stop.CancelAsync();
        await Task.WhenAll(traffic).WaitAsync(Eventually.Deadline);
        Assert.InRange(longest, TimeSpan.Zero, Timeout * 3);

        async Task AllGoOnAsync()
        {
            var (publishes, requests) = (Of("publish"), Of("request"));
            await Eventually.TrueAsync(() => Of("publish") > publishes + 3 && Of("request") > requests + 3, "publishes and requests");
        }

        int Of(string what) => done.GetValueOrDefault(what);

        Task RepeatAsync(string what, Func<Task> send) => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var begun = Stopwatch.GetTimestamp();
                try
                {
                    await send();
                    done.AddOrUpdate(what, 1, (_, count) => count + 1);
                }
                catch (Exception e) when (e is BusUnavailableException or NoAnswerException)
                {
                    // The caller knows, and tries again.
                }
                lock (done)
                    longest = Stopwatch.GetElapsedTime(begun) is var took && took > longest ? took : longest;
                await Task.Delay(5);
            }
        });
    }
}
