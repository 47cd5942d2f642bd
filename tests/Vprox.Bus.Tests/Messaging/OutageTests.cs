using System.Net;
using Vprox.Bus.Messaging;
using Vprox.Contracts;
using Vprox.Lab.Broker;

namespace Vprox.Bus.Tests.Messaging;

public sealed class OutageTests
{
    [Fact]
    public async Task A_service_starts_without_the_broker_and_connects_when_it_appears()
    {
        var port = FreePort.Of(IPAddress.Loopback);
        var uri = $"amqp://lab:lab@127.0.0.1:{port}/";
        await using var service = await TestService.StartAsync(uri, Queue, connected: false, "--Bus:PublishTimeout", "00:00:00.2");

        await Assert.ThrowsAsync<BusUnavailableException>(() => service.Publisher.PublishAsync(new CordonNode { NodeId = "early" }, default));
        Assert.False(service.Connection.IsConnected);

        await using var broker = await RabbitBroker.StartAsync(new BrokerSettings { Port = port });
        await service.Connection.WaitForConnectionAsync(0, default).WaitAsync(Eventually.Deadline);
        await service.Publisher.PublishAsync(new CordonNode { NodeId = "late" }, default);
        await service.Inbox.NextAsync<CordonNode>(m => m.NodeId == "late");
    }

    [Fact]
    public async Task A_broker_restarted_in_the_middle_loses_nothing()
    {
        await using var broker = await RabbitBroker.StartAsync();
        await using var service = await TestService.StartAsync(broker.Uri, Queue);
        using var stop = new CancellationTokenSource();
        var confirmed = new List<string>();
        var publishing = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                try
                {
                    await service.Publisher.PublishAsync(new CordonNode { NodeId = $"n{i}" }, default);
                    lock (confirmed) confirmed.Add($"n{i}");
                }
                catch (BusUnavailableException)
                {
                    // Not confirmed: the publisher knows, and would send it again.
                }
            }
        });
        await Eventually.TrueAsync(() => service.Inbox.Messages.Count > 50, "traffic");

        await broker.StopAsync();
        await Eventually.TrueAsync(() => !service.Connection.IsConnected, "the outage noticed");
        await broker.StartAgainAsync();
        Assert.Equal(2, await service.Connection.WaitForConnectionAsync(1, default).WaitAsync(Eventually.Deadline));
        var before = confirmed.Count;
        await Eventually.TrueAsync(() => confirmed.Count > before + 50, "traffic again");
        await stop.CancelAsync();
        await publishing;

        await Eventually.TrueAsync(
            () => confirmed.Except(service.Inbox.Messages.OfType<CordonNode>().Select(m => m.NodeId)).ToList() is [], "every confirmed message");
    }

    private static void Queue(VproxBusBuilder bus) =>
        bus.Queue("vprox.test.outage", QueueKind.Quorum, queue => queue.Consumer<InboxConsumer<CordonNode>>());
}
