using MassTransit;
using Vprox.Contracts;

namespace Vprox.Bus.Messaging;

internal sealed class MessagePublisher(IBus bus, BusConnection connection, BusOptions options) : IMessagePublisher, IDisposable
{
    /// <summary>A heartbeat is worth nothing after this: it must not pile up while the broker or its reader is slow.</summary>
    private static readonly TimeSpan HeartbeatLife = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim room = new(options.PendingPublishes);

    public Task PublishAsync<T>(T message, CancellationToken cancellationToken) where T : class =>
        PublishAsync(message, _ => { }, cancellationToken);

    public Task PublishToAsync<T>(string routingKey, T message, CancellationToken cancellationToken) where T : class =>
        PublishAsync(message, context =>
        {
            context.SetRoutingKey(routingKey);
            if (context.TryGetPayload(out RabbitMqSendContext? rabbit)) rabbit.Mandatory = true;
        }, cancellationToken);

    public void Dispose() => room.Dispose();

    private async Task PublishAsync<T>(T message, Action<PublishContext<T>> configure, CancellationToken cancellationToken) where T : class
    {
        if (!await room.WaitAsync(0, CancellationToken.None).ConfigureAwait(false))
            throw new BusUnavailableException($"{typeof(T).Name} was not published: {options.PendingPublishes} publishes wait for the bus already");
        try
        {
            // Without a token a publish waits for the broker without end. The wait itself ends with the token as well, whatever the bus does with a connection that went.
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(message is NodeHeartbeat ? HeartbeatLife : options.PublishTimeout);
            // Before the first connection the service's own queues are not bound: what it publishes to itself would vanish.
            await connection.WaitForConnectionAsync(0, deadline.Token).ConfigureAwait(false);
            await bus.Publish(message, context =>
            {
                if (message is NodeHeartbeat) (context.TimeToLive, context.Durable) = (HeartbeatLife, false);
                configure(context);
            }, deadline.Token).WaitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException cancelled) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BusUnavailableException($"{typeof(T).Name} was not published: no confirm from the bus in time", cancelled);
        }
        catch (Exception failed) when (failed is not (OperationCanceledException or BusUnavailableException))
        {
            throw new BusUnavailableException($"{typeof(T).Name} was not published: {failed.Message}", failed);
        }
        finally
        {
            room.Release();
        }
    }
}
