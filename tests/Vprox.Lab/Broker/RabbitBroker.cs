namespace Vprox.Lab.Broker;

/// <summary>A RabbitMQ of one's own, gone without a trace when disposed. It can be stopped, killed and started again with its data.</summary>
public abstract class RabbitBroker : IAsyncDisposable
{
    /// <summary>The user, who may connect from anywhere (guest may only from loopback).</summary>
    public const string User = "lab";

    /// <summary>The user's password.</summary>
    public const string Password = "lab";

    /// <summary>amqp://lab:lab@address:port/, the same after every restart.</summary>
    public abstract string Uri { get; }

    /// <summary>
    /// Starts one in a container where a Docker engine answers and has or gets the image, otherwise from the installed
    /// rabbitmq-server. In a network namespace it is always the latter.
    /// </summary>
    public static async Task<RabbitBroker> StartAsync(BrokerSettings? settings = null, CancellationToken cancellationToken = default)
    {
        settings ??= new BrokerSettings();
        if (settings.NetworkNamespace is null && await ContainerBroker.TryStartAsync(cancellationToken) is { } container) return container;
        var broker = new InstalledBroker(settings);
        try
        {
            await broker.StartAgainAsync(cancellationToken);
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
        return broker;
    }

    /// <summary>Starts it again after <see cref="StopAsync"/> or <see cref="KillAsync"/>, on the same port with the same data.</summary>
    public abstract Task StartAgainAsync(CancellationToken cancellationToken = default);

    /// <summary>Stops it as an operator would (SIGTERM).</summary>
    public abstract Task StopAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends it as a power cut would (SIGKILL). What publishers have had confirmed is there afterwards, and every queue has a leader; only a
    /// quorum queue of the last tenth of a second may be empty.
    /// </summary>
    public abstract Task KillAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
