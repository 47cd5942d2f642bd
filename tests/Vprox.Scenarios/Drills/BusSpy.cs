using System.Diagnostics;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Vprox.Lab.Scheduling;
using Vprox.Lab.Topology;

namespace Vprox.Scenarios.Drills;

/// <summary>Hears what the services tell each other, with a queue of its own. Connects again by itself when the broker was away.</summary>
public sealed class BusSpy : IAsyncDisposable
{
    private static readonly string[] Exchanges =
    [
        "vprox.node-joined", "vprox.node-suspected", "vprox.node-unhealthy", "vprox.node-recovered", "vprox.nodes-held", "vprox.node-draining",
        "vprox.node-drained", "vprox.node-replaced", "vprox.static-ip-placed", "vprox.static-ip-prepared", "vprox.static-ip-serving",
        "vprox.static-ip-released", "vprox.ip-reassigned", "vprox.tunnel-lost", "vprox.tunnel-restored", "vprox.placement-drifted",
    ];

    // Marks what RepeatAsync published, which nobody said.
    private const string CopyHeader = "scenario-copy";

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly Lock _lock = new();
    private readonly List<BusMessage> _heard = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BusSpy(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    /// <summary>All messages heard, oldest first.</summary>
    public IReadOnlyList<BusMessage> Heard { get { lock (_lock) return [.. _heard]; } }

    public static async Task<BusSpy> ConnectAsync(VproxLab lab, CancellationToken cancel)
    {
        var factory = new ConnectionFactory
        {
            Uri = VproxLab.BrokerAddress,
            SocketFactory = _ => new TcpClientAdapter(lab.Control.OpenTcp()),
            NetworkRecoveryInterval = TimeSpan.FromMilliseconds(500),
        };
        var connection = await factory.CreateConnectionAsync(cancel);
        var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
        var spy = new BusSpy(connection, channel);
        var queue = await channel.QueueDeclareAsync(cancellationToken: cancel);
        foreach (var exchange in Exchanges)
        {
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: cancel);
            await channel.QueueBindAsync(queue.QueueName, exchange, "", cancellationToken: cancel);
        }
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            spy.Take(delivery);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, cancel);
        return spy;
    }

    /// <summary>What was heard on an exchange since the fault, oldest first.</summary>
    public IReadOnlyList<BusMessage> Since(FaultMoment fault, string exchange) =>
        [.. Heard.Where(message => message.Exchange == exchange && message.Arrived >= fault.Timestamp)];

    /// <summary>Waits for a message that came since the fault or comes.</summary>
    /// <returns>The message; null when none came in time.</returns>
    public async Task<BusMessage?> FindAsync(FaultMoment fault, string exchange, Func<BusMessage, bool> wanted, TimeSpan within, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        end.CancelAfter(within);
        while (true)
        {
            Task more;
            lock (_lock)
                more = _more.Task;
            if (Since(fault, exchange).FirstOrDefault(wanted) is { } found)
                return found;
            try
            {
                await more.WaitAsync(end.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                return null;
            }
        }
    }

    /// <summary>Publishes a message once more, as it was. The spy itself does not hear it again.</summary>
    public async Task RepeatAsync(BusMessage message, CancellationToken cancel) => await _channel.BasicPublishAsync(
        message.Exchange, "", mandatory: false,
        new BasicProperties
        {
            ContentType = message.ContentType,
            DeliveryMode = DeliveryModes.Persistent,
            Headers = new Dictionary<string, object?> { [CopyHeader] = true },
        },
        message.Body, cancel);

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private void Take(BasicDeliverEventArgs delivery)
    {
        var arrived = Stopwatch.GetTimestamp();
        if (delivery.BasicProperties.Headers?.ContainsKey(CopyHeader) == true)
            return;
        using var document = JsonDocument.Parse(delivery.Body);
        // MassTransit's envelope holds the message itself under "message".
        var message = document.RootElement.TryGetProperty("message", out var inner) ? inner : document.RootElement;
        lock (_lock)
        {
            _heard.Add(new BusMessage(delivery.Exchange, message.Clone(), arrived, delivery.Body.ToArray(), delivery.BasicProperties.ContentType));
            _more.TrySetResult();
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
