using Vprox.Failover.Adapters;
using Vprox.Failover.Core.Liveness;

namespace Vprox.Failover.Workers;

/// <summary>Hears EC2's events. The active replica alone reads the queue: another one's reading would take them from it.</summary>
public sealed class Ec2EventLoop(NodeWatch watch, Ec2EventQueue queue, ActiveReplica replica, TimeProvider time, ILogger<Ec2EventLoop> logger) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = TimeSpan.Zero;
        var turns = 0;
        while (true)
        {
            if (!replica.IsActive) turns = await replica.WaitForTurnAsync(turns, stoppingToken);
            try
            {
                await TakeAsync(await queue.ReceiveAsync(stoppingToken), stoppingToken);
                if (pause > TimeSpan.Zero) logger.EventQueueBack();
                pause = TimeSpan.Zero;
            }
            catch (EventQueueException away)
            {
                if (pause == TimeSpan.Zero) logger.EventQueueAway(away.Message);
                pause = pause == TimeSpan.Zero ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
                await Task.Delay(pause, time, stoppingToken);
            }
        }
    }

    private async Task TakeAsync(IReadOnlyList<(string Receipt, string Body)> messages, CancellationToken cancellationToken)
    {
        foreach (var (_, body) in messages)
        {
            try
            {
                foreach (var observation in Ec2Event.Parse(body)) watch.Observe(observation);
            }
            catch (FormatException malformed)
            {
                logger.EventMalformed(NodeWatch.Text(body)!, malformed.Message);
            }
        }
        if (messages.Count == 0 || !await ArePublishedAsync(cancellationToken)) return;
        await queue.DeleteAsync([.. messages.Select(message => message.Receipt)], cancellationToken);
    }

    /// <summary>What follows from an event must be on the bus before the event is deleted: a process may die in between.</summary>
    private async Task<bool> ArePublishedAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Settling, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await watch.UntilPublishedAsync(null, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
