using System.Threading.Channels;
using Vprox.Bus.Messaging;

namespace Vprox.WorkerAgent.Workers;

/// <summary>
/// Publishes in the background, so that nothing waits for the broker. Bounded: what finds no room is offered again by the worker's next
/// round, because it follows from the state.
/// </summary>
public sealed class Announcer(IMessagePublisher publisher, TimeProvider time, ILogger<Announcer> logger) : BackgroundService
{
    private const int Room = 4096;
    private const int Senders = 16;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Channel<Announcement> _queue = Channel.CreateBounded<Announcement>(Room);

    /// <summary>Takes a message; false when there is no room.</summary>
    /// <param name="message">The message.</param>
    /// <param name="delivered">Called when the broker has it.</param>
    public bool TryAnnounce<T>(T message, Action delivered) where T : class => TryAnnounce(() => message, delivered);

    /// <summary>Takes a message that is made when it is sent, for what it says may have changed while the broker was away.</summary>
    /// <param name="message">Makes it; null when there is nothing to say any more.</param>
    /// <param name="delivered">Called when the broker has it, or when there was nothing to say.</param>
    /// <returns>False when there is no room.</returns>
    public bool TryAnnounce<T>(Func<T?> message, Action delivered) where T : class => _queue.Writer.TryWrite(new Announcement(
        typeof(T).Name, token => message() is { } made ? publisher.PublishAsync(made, token) : Task.CompletedTask, delivered));

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Parallel.ForEachAsync(_queue.Reader.ReadAllAsync(stoppingToken), new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = stoppingToken }, PublishAsync);

    private async ValueTask PublishAsync(Announcement announcement, CancellationToken cancellationToken)
    {
        var said = false;
        while (true)
        {
            try
            {
                await announcement.Publish(cancellationToken);
                break;
            }
            catch (BusUnavailableException away)
            {
                if (!said)
                    logger.PublishFailed(announcement.Message, away.Message);
                said = true;
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
        announcement.Delivered();
    }

    private sealed record Announcement(string Message, Func<CancellationToken, Task> Publish, Action Delivered);
}
