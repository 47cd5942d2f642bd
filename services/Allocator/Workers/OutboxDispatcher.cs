using Microsoft.EntityFrameworkCore;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Transactions;
using Vprox.Bus.Messaging;
using Vprox.Contracts;

namespace Vprox.Allocator.Workers;

/// <summary>
/// Publishes the outbox: every message at least once, those of one key in order, different keys side by side, the oldest first. A row goes when the broker has
/// confirmed its message, so a process that dies in between publishes it again.
/// </summary>
public sealed class OutboxDispatcher(AllocatorStore store, OutboxSignal signal, IMessagePublisher publisher, TimeProvider time, ILogger<OutboxDispatcher> logger)
    : BackgroundService
{
    private const int BatchSize = 512;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BrokerAwayPause = TimeSpan.FromMilliseconds(500);

    private bool _saidAway;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                if (await DispatchSafelyAsync(stoppingToken) == 0)
                    await signal.WaitAsync(Poll, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left stands in the table for the next start.
        }
    }

    /// <summary>Publishes one batch and returns how many rows are done; 0 means that nothing is left.</summary>
    public async Task<int> DispatchAsync(CancellationToken cancellationToken)
    {
        var stages = new Stages(time);
        var batch = await store.ReadAsync(
            database => database.Outbox.AsNoTracking().OrderBy(message => message.Id).Take(BatchSize).ToListAsync(cancellationToken), cancellationToken);
        if (batch.Count == 0)
            return 0;
        stages.Passed("read");
        var done = new List<long>();
        try
        {
            await Task.WhenAll(batch.GroupBy(message => message.OrderingKey).Select(group => PublishInOrderAsync(group, done, cancellationToken)));
        }
        finally
        {
            // What the broker has confirmed is done, also when the rest failed or the service is about to stop.
            stages.Passed("confirmed");
            if (done.Count > 0)
                await DeleteAsync(done);
            stages.Passed("deleted");
        }
        if (batch.Count(message => message.Type == nameof(StaticIpPlaced)) is > 0 and var placements)
            logger.PlacementsPublished(placements, stages.TotalMs, stages.ToString());
        return done.Count;
    }

    private async Task<int> DispatchSafelyAsync(CancellationToken cancellationToken)
    {
        try
        {
            var done = await DispatchAsync(cancellationToken);
            if (done > 0 && _saidAway)
                logger.OutboxResumed();
            _saidAway &= done == 0;
            return done;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_saidAway)
                logger.OutboxWaits(e.Message);
            _saidAway = true;
            await Task.Delay(BrokerAwayPause, cancellationToken);
            return -1;
        }
    }

    private async Task PublishInOrderAsync(IEnumerable<OutboxMessage> messages, List<long> done, CancellationToken cancellationToken)
    {
        foreach (var message in messages)
        {
            await publisher.PublishContractAsync(message, cancellationToken);
            lock (done)
                done.Add(message.Id);
        }
    }

    private Task<int> DeleteAsync(List<long> ids) => store.DecideUrgentlyAsync(
        database => database.Outbox.Where(message => ids.Contains(message.Id)).ExecuteDeleteAsync(CancellationToken.None), CancellationToken.None);
}
