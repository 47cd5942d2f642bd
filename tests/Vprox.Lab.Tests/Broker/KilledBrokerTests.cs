using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Vprox.Lab.Broker;
using Vprox.Lab.Topology;

namespace Vprox.Lab.Tests.Broker;

public sealed class KilledBrokerTests
{
    private const string Old = "old";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly string[] Young = [.. Enumerable.Range(1, 5).Select(number => $"young-{number}")];

    [Fact]
    public async Task Quorum_queues_survive_a_kill_however_young_they_are()
    {
        await using var broker = await RabbitBroker.StartAsync();
        await using (var connection = await ConnectAsync(broker))
        {
            await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
            await DeclareAsync(channel, Old);
            await PublishAsync(channel, Old, "kept");
            // The directory of queues is written ten times a second, and nothing tells when.
            await Task.Delay(TimeSpan.FromSeconds(1));
            foreach (var queue in Young)
                await DeclareAsync(channel, queue);
        }
        await broker.KillAsync();
        await broker.StartAgainAsync();

        Assert.Equal("kept", await VproxLab.WaitForAsync("the message", () => GetAsync(broker, Old), Deadline));
        foreach (var queue in Young)
            Assert.Equal("new", await VproxLab.WaitForAsync($"a message through {queue}", () => PassAsync(broker, queue), Deadline));
    }

    private static Task<QueueDeclareOk> DeclareAsync(IChannel channel, string queue) => channel.QueueDeclareAsync(
        queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });

    private static async Task PublishAsync(IChannel channel, string queue, string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await channel.BasicPublishAsync(
            "", queue, mandatory: true, new BasicProperties { Persistent = true }, Encoding.ASCII.GetBytes(text), patience.Token);
    }

    /// <summary>What is in the queue; null while nothing is, or nobody answers.</summary>
    private static Task<string?> GetAsync(RabbitBroker broker, string queue) => TryAsync(broker, channel => GetAsync(channel, queue));

    /// <summary>What comes out of the queue after something was put in.</summary>
    private static Task<string?> PassAsync(RabbitBroker broker, string queue) => TryAsync(broker, async channel =>
    {
        await PublishAsync(channel, queue, "new");
        return await GetAsync(channel, queue);
    });

    private static async Task<string?> GetAsync(IChannel channel, string queue) =>
        await channel.BasicGetAsync(queue, autoAck: true) is { } got ? Encoding.ASCII.GetString(got.Body.Span) : null;

    private static async Task<string?> TryAsync(RabbitBroker broker, Func<IChannel, Task<string?>> use)
    {
        try
        {
            await using var connection = await ConnectAsync(broker);
            await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
            return await use(channel);
        }
        catch (Exception notYet) when (notYet is OperationInterruptedException or BrokerUnreachableException or TimeoutException or OperationCanceledException)
        {
            return null;
        }
    }

    private static Task<IConnection> ConnectAsync(RabbitBroker broker) =>
        new ConnectionFactory { Uri = new Uri(broker.Uri), ContinuationTimeout = TimeSpan.FromSeconds(5) }.CreateConnectionAsync();
}
