using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Vprox.Bus.Tests;

/// <summary>A producer in another language: it knows AMQP, JSON and exchange names, and nothing of MassTransit.</summary>
internal sealed class Scheduler : IAsyncDisposable
{
    private readonly Uri uri;
    private readonly IConnection connection;

    private Scheduler(Uri uri, IConnection connection, IChannel channel) =>
        (this.uri, this.connection, Channel) = (uri, connection, channel);

    public IChannel Channel { get; }

    public static async Task<Scheduler> ConnectAsync(string uri)
    {
        var connection = await new ConnectionFactory { Uri = new Uri(uri) }.CreateConnectionAsync();
        return new Scheduler(new Uri(uri), connection, await connection.CreateChannelAsync(
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
    public Task<BasicGetResult> TakeAsync(string queue) =>
        Eventually.GetAsync(() => AskAsync(channel => channel.BasicGetAsync(queue, autoAck: true)), $"a message in {queue}");

    public Task<uint> CountAsync(string queue) => AskAsync(channel => channel.MessageCountAsync(queue));

    /// <summary>The answer, or nothing when the queue does not exist or is just being made: such a question may close its whole connection.</summary>
    private async Task<T?> AskAsync<T>(Func<IChannel, Task<T>> ask)
    {
        await using var own = await new ConnectionFactory { Uri = uri }.CreateConnectionAsync();
        await using var channel = await own.CreateChannelAsync();
        try
        {
            return await ask(channel);
        }
        catch (Exception absent) when (absent is OperationInterruptedException or AlreadyClosedException)
        {
            return default;
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
