using Vprox.Bus.Messaging;

namespace Vprox.Cli.Server;

/// <summary>Who listens where there is no bus: what the node says is heard by nobody, at once.</summary>
internal sealed class Nobody : IMessagePublisher, IBusConnection
{
    /// <inheritdoc/>
    public bool IsConnected => true;

    /// <inheritdoc/>
    public int Connections => 1;

    /// <inheritdoc/>
    public Task PublishAsync<T>(T message, CancellationToken cancellationToken) where T : class => Task.CompletedTask;

    /// <inheritdoc/>
    public Task PublishToAsync<T>(string routingKey, T message, CancellationToken cancellationToken) where T : class => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<int> WaitForConnectionAsync(int seen, CancellationToken cancellationToken) => Task.FromResult(Connections);
}
