using System.Threading.Channels;
using Vprox.Bus.Messaging;

namespace Vprox.Failover.Workers;

/// <summary>Publishes what has happened, many at once, and each until the bus has it.</summary>
public sealed class Announcer(IMessagePublisher publisher, TimeProvider time, ILogger<Announcer> logger) : BackgroundService
{
    private const int AtOnce = 64;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Channel<Func<CancellationToken, Task>> outbox = Channel.CreateUnbounded<Func<CancellationToken, Task>>();

    /// <summary>Has a message published; returns at once.</summary>
    public void Say<T>(T message) where T : class => outbox.Writer.TryWrite(token => PublishAsync(message, token));

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Parallel.ForEachAsync(
        outbox.Reader.ReadAllAsync(stoppingToken),
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken },
        async (publish, token) => await publish(token));

    private async Task PublishAsync<T>(T message, CancellationToken cancellationToken) where T : class
    {
        while (true)
        {
            try
            {
                await publisher.PublishAsync(message, cancellationToken);
                return;
            }
            catch (BusUnavailableException away)
            {
                logger.NotPublished(typeof(T).Name, away.Message);
            }
            await Task.Delay(RetryAfter, time, cancellationToken);
        }
    }
}
