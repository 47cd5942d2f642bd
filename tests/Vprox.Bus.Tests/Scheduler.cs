using System.Text;
using RabbitMQ.Client;

namespace Vprox.Bus.Tests;

/// <summary>A producer in another language: it knows AMQP, JSON and exchange names, and nothing of MassTransit.</summary>
internal sealed class Scheduler : IAsyncDisposable
{
    private readonly IConnection connection;

    private Scheduler(IConnection connection, IChannel channel) => (this.connection, Channel) = (connection, channel);

    public IChannel Channel { get; }

    public static async Task<Scheduler> ConnectAsync(string uri)
    {
        var connection = await new ConnectionFactory { Uri = new Uri(uri) }.CreateConnectionAsync();
        return new Scheduler(connection, await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true)));
    }

    public Task PublishAsync(string exchange, string json, string? contentType = "application/json", string routingKey = "") =>
        PublishAsync(exchange, Encoding.UTF8.GetBytes(json), contentType, routingKey);

    public async Task PublishAsync(string exchange, byte[] body, string? contentType = "application/json", string routingKey = "")
    {
        var properties = new BasicProperties { Persistent = true };
        if (contentType is not null) properties.ContentType = contentType;
        await Channel.BasicPublishAsync(exchange, routingKey, mandatory: true, properties, body);
    }

    /// <summary>Takes the next letter from a queue, which need not exist yet.</summary>
    public Task<BasicGetResult> TakeAsync(string queue) => Eventually.GetAsync(async () =>
    {
        if (!await ExistsAsync(queue)) return null;
        return await Channel.BasicGetAsync(queue, autoAck: true);
    }, $"a message in {queue}");

    public async Task<uint> CountAsync(string queue) => await ExistsAsync(queue) ? await Channel.MessageCountAsync(queue) : 0;

    public async Task<bool> ExistsAsync(string queue)
    {
        // A passive declare of what is not there closes its channel: ask on one of its own.
        await using var asking = await connection.CreateChannelAsync();
        try
        {
            await asking.QueueDeclarePassiveAsync(queue);
            return true;
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Channel.DisposeAsync();
        await connection.DisposeAsync();
    }

    public static string Header(BasicGetResult letter, string name) =>
        letter.BasicProperties.Headers?.TryGetValue(name, out var value) == true
            ? value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : value?.ToString() ?? "" : "";
}
