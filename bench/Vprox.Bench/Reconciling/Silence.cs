using Vprox.Bus.Messaging;

namespace Vprox.Bench.Reconciling;

/// <summary>A bus that is away.</summary>
internal sealed class Silence : IMessagePublisher, IBusConnection
{
    public bool IsConnected => false;

    public int Connections => 0;

    public Task PublishAsync<T>(T message, CancellationToken cancellationToken) where T : class => throw new BusUnavailableException("away");

    public Task PublishToAsync<T>(string routingKey, T message, CancellationToken cancellationToken) where T : class => throw new BusUnavailableException("away");

    public Task<int> WaitForConnectionAsync(int seen, CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(_ => 0, cancellationToken);
}
