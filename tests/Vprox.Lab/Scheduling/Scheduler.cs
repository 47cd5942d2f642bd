using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Vprox.Lab.Topology;

namespace Vprox.Lab.Scheduling;

/// <summary>
/// A scheduler as another language would write it: plain JSON by the AMQP client alone, names of exchanges and fields as documented, no
/// type of Vprox.
/// </summary>
public sealed class Scheduler : IAsyncDisposable
{
    private static readonly string[] Answers =
        ["vprox.proxy-ready", "vprox.proxy-rejected", "vprox.container-routed", "vprox.container-refused", "vprox.ip-reassigned"];

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly Lock _lock = new();
    private readonly List<SchedulerEvent> _seen = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Scheduler(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    /// <summary>All events that came, oldest first.</summary>
    public IReadOnlyList<SchedulerEvent> Seen { get { lock (_lock) return [.. _seen]; } }

    /// <summary>Connects from a host of the lab and listens to everything meant for a scheduler.</summary>
    public static async Task<Scheduler> ConnectAsync(LabHost host, Uri broker, CancellationToken cancel = default)
    {
        var factory = new ConnectionFactory { Uri = broker, SocketFactory = _ => new TcpClientAdapter(host.OpenTcp()) };
        var connection = await factory.CreateConnectionAsync(cancel);
        var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
        var scheduler = new Scheduler(connection, channel);
        var queue = await channel.QueueDeclareAsync(cancellationToken: cancel);
        foreach (var exchange in Answers)
        {
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: cancel);
            await channel.QueueBindAsync(queue.QueueName, exchange, "", cancellationToken: cancel);
        }
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            scheduler.Take(delivery.Exchange, delivery.Body.Span);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, cancel);
        return scheduler;
    }

    /// <summary>Publishes a message as plain JSON, unless another content type is named.</summary>
    public async Task PublishAsync(
        string exchange, string routingKey, string json, string contentType = "application/json", CancellationToken cancel = default) =>
        await _channel.BasicPublishAsync(
            exchange, routingKey, mandatory: true, new BasicProperties { ContentType = contentType, DeliveryMode = DeliveryModes.Persistent },
            Encoding.UTF8.GetBytes(json), cancel);

    /// <summary>Asks for a proxy and waits for the answer.</summary>
    /// <returns>The event vprox.proxy-ready or vprox.proxy-rejected.</returns>
    public async Task<SchedulerEvent> RequestProxyAsync(
        string proxyId, string workspaceId = "ws-1", int addressCount = 1, TimeSpan? deadline = null, CancellationToken cancel = default)
    {
        var json = JsonSerializer.Serialize(new { proxyId, workspaceId, addressCount });
        await PublishAsync("vprox.proxy-requested", "", json, cancel: cancel);
        return await ExpectAsync(
            seen => seen.Exchange is "vprox.proxy-ready" or "vprox.proxy-rejected" && seen.Text("proxyId") == proxyId, deadline, cancel);
    }

    /// <summary>Gives a proxy back.</summary>
    public Task ReleaseProxyAsync(string proxyId, string workspaceId = "ws-1", CancellationToken cancel = default) =>
        PublishAsync("vprox.proxy-released", "", JsonSerializer.Serialize(new { proxyId, workspaceId }), cancel: cancel);

    /// <summary>Says that a container starts and waits until it is routed or refused.</summary>
    /// <returns>The event vprox.container-routed or vprox.container-refused.</returns>
    public async Task<SchedulerEvent> StartContainerAsync(
        string containerId, LabContainer container, string proxyId, TimeSpan? deadline = null, CancellationToken cancel = default)
    {
        var json = JsonSerializer.Serialize(new { containerId, containerIp = container.Address.ToString(), proxyId });
        await PublishAsync("vprox.container-started", container.Worker.WorkerId, json, cancel: cancel);
        return await ExpectAsync(
            seen => seen.Exchange is "vprox.container-routed" or "vprox.container-refused" && seen.Text("containerId") == containerId, deadline, cancel);
    }

    public Task StopContainerAsync(string containerId, string workerId, CancellationToken cancel = default) =>
        PublishAsync("vprox.container-stopped", workerId, JsonSerializer.Serialize(new { containerId }), cancel: cancel);

    /// <summary>Waits for an event that came or comes.</summary>
    /// <exception cref="LabException">None came within the deadline (30 s unless given).</exception>
    public async Task<SchedulerEvent> ExpectAsync(Func<SchedulerEvent, bool> wanted, TimeSpan? deadline = null, CancellationToken cancel = default)
    {
        var within = deadline ?? TimeSpan.FromSeconds(30);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        end.CancelAfter(within);
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (_seen.FindLast(seen => wanted(seen)) is { } found)
                    return found;
                more = _more.Task;
            }
            try
            {
                await more.WaitAsync(end.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                var seen = string.Join("\n  ", Seen.Select(one => $"{one.Exchange} {one.Json}"));
                throw new LabException($"The scheduler heard no answer within {within.TotalSeconds:0.#} s; it heard:\n  {seen}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private void Take(string exchange, ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        using var document = JsonDocument.ParseValue(ref reader);
        // MassTransit's envelope holds the message itself under "message".
        var message = document.RootElement.TryGetProperty("message", out var inner) ? inner : document.RootElement;
        lock (_lock)
        {
            _seen.Add(new SchedulerEvent(exchange, message.Clone()));
            _more.TrySetResult();
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
