using Vprox.Bus.Messaging;
using Vprox.Contracts;
using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Workers;

/// <summary>
/// Keeps EC2 as the Allocator placed it, one pass after the other: at once when a placement comes, over everything at the start, after
/// every reconnection to the bus, and on a timer.
/// </summary>
public sealed class Ec2Reconciler(
    Fleet fleet, MovePass pass, IMessageRequester requester, IBusConnection bus, FailoverOptions options, TimeProvider time,
    ILogger<Ec2Reconciler> logger) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var connection = 0;
        long? fetched = null;
        while (true)
        {
            var settled = false;
            try
            {
                var due = fetched is not { } last || time.GetElapsedTime(last) >= options.ReconcileInterval || bus.Connections != connection;
                if (due && bus.IsConnected)
                {
                    connection = bus.Connections;
                    fetched = await FetchAsync(stoppingToken) ? time.GetTimestamp() : null;
                }
                settled = await pass.RunAsync(stoppingToken) && fetched is not null;
            }
            catch (Exception failed) when (!stoppingToken.IsCancellationRequested)
            {
                logger.PassFailed(failed.Message);
            }
            await fleet.WaitAsync(settled ? options.ReconcileInterval : RetryAfter, stoppingToken);
        }
    }

    private async Task<bool> FetchAsync(CancellationToken cancellationToken)
    {
        var whenAsked = fleet.Placements;
        var all = new List<DesiredAddress>();
        try
        {
            string? after = null;
            do
            {
                var page = await requester.RequestAsync<RequestFleetSnapshot, FleetSnapshot>(new RequestFleetSnapshot { After = after }, cancellationToken);
                foreach (var node in page.Nodes) fleet.Know(node);
                all.AddRange(page.Placements.Select(DesiredAddress.From));
                after = page.Next;
            }
            while (after is not null);
        }
        catch (NoAnswerException none)
        {
            logger.SnapshotMissing(whenAsked.Desired.Count, none.Message);
            return false;
        }
        fleet.Replace(all, whenAsked);
        logger.SnapshotFetched(all.Count);
        return true;
    }
}
