using System.Threading.Channels;
using Vprox.Bus.Messaging;

namespace Vprox.NodeAgent.Workers;

/// <summary>
/// Events on their way to the bus, in order. Nobody who adds one waits for the broker; while it is away the oldest are dropped beyond
/// <see cref="Capacity"/>, for each is a hint that snapshots and timers make good.
/// </summary>
public sealed class EventQueue(IMessagePublisher publisher, IBusConnection bus, ILogger<EventQueue> logger) : BackgroundService
{
    /// <summary>Events kept while the bus is away.</summary>
    public const int Capacity = 4096;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private long _dropped;
    private Channel<Func<CancellationToken, Task>>? _events;

    /// <summary>Adds an event.</summary>
    public void Add<T>(T message) where T : class => Events.Writer.TryWrite(cancellationToken => publisher.PublishAsync(message, cancellationToken));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var publish in Events.Reader.ReadAllAsync(stoppingToken).ConfigureAwait(false))
        {
            while (!await TryPublishAsync(publish, stoppingToken).ConfigureAwait(false))
            {
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(false);
                await bus.WaitForConnectionAsync(bus.IsConnected ? 0 : bus.Connections, stoppingToken).ConfigureAwait(false);
            }
            if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
                logger.EventsDropped(dropped, Capacity);
        }
    }

    private Channel<Func<CancellationToken, Task>> Events => LazyInitializer.EnsureInitialized(ref _events, () =>
        Channel.CreateBounded<Func<CancellationToken, Task>>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _dropped)));

    private static async Task<bool> TryPublishAsync(Func<CancellationToken, Task> publish, CancellationToken cancellationToken)
    {
        try
        {
            await publish(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (BusUnavailableException)
        {
            return false;
        }
    }
}
