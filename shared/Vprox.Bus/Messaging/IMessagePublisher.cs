namespace Vprox.Bus.Messaging;

/// <summary>Publishes to the message's exchange and returns when the broker has confirmed it, or fails within a bounded time.</summary>
public interface IMessagePublisher
{
    /// <summary>Publishes an event or a command to whoever listens; that nobody does is no error.</summary>
    /// <exception cref="BusUnavailableException">Not confirmed within <see cref="BusOptions.PublishTimeout"/>.</exception>
    Task PublishAsync<T>(T message, CancellationToken cancellationToken) where T : class;

    /// <summary>Publishes to the one receiver that the routing key names (ContainerStarted and ContainerStopped: the worker id).</summary>
    /// <exception cref="BusUnavailableException">Not confirmed in time, or no queue is bound with that key.</exception>
    Task PublishToAsync<T>(string routingKey, T message, CancellationToken cancellationToken) where T : class;
}
