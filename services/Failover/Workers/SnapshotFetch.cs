using Vprox.Bus.Messaging;
using Vprox.Contracts;
using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Workers;

/// <summary>Asks the Allocator where every address shall be: at the start, after every reconnection, when this replica's turn begins, and on a timer.</summary>
public sealed class SnapshotFetch(
    Fleet fleet, NodeWatch watch, ActiveReplica replica, IMessageRequester requester, IBusConnection bus, FailoverOptions options, TimeProvider time,
    ILogger<SnapshotFetch> logger) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // The whole time that a request may take is too long to wait for one that went astray: a move may depend on it.
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var patience = FirstPatience; ;)
        {
            var connection = await bus.WaitForConnectionAsync(0, stoppingToken);
            var turn = replica.Turns;
            var fetched = false;
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            deadline.CancelAfter(patience);
            try
            {
                fetched = await FetchAsync(turn, deadline.Token);
            }
            catch (Exception failed) when (!stoppingToken.IsCancellationRequested)
            {
                logger.SnapshotMissing(fleet.Placements.Desired.Count, failed.Message);
            }
            patience = fetched ? FirstPatience : patience * 2 < MostPatience ? patience * 2 : MostPatience;
            using var rest = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(
                Task.Delay(fetched ? options.ReconcileInterval : RetryAfter, time, rest.Token),
                bus.WaitForConnectionAsync(connection, rest.Token),
                replica.WaitForTurnAsync(turn, rest.Token));
            await rest.CancelAsync();
            stoppingToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<bool> FetchAsync(int turn, CancellationToken cancellationToken)
    {
        var (whenAsked, asked) = (fleet.Placements, watch.Now);
        var all = new List<DesiredAddress>();
        long upTo = 0;
        try
        {
            string? after = null;
            do
            {
                var page = await requester.RequestAsync<RequestFleetSnapshot, FleetSnapshot>(new RequestFleetSnapshot { After = after }, cancellationToken);
                foreach (var node in page.Nodes) fleet.Know(node, isReport: false);
                if (after is null)
                {
                    upTo = page.UpTo;
                    watch.Compare(page.Nodes, page.Standings, asked);
                }
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
        // What another replica did between question and turn may be missing in the answer.
        if (replica.Turns != turn) return false;
        fleet.Replace(all, whenAsked, upTo, turn);
        logger.SnapshotFetched(all.Count);
        return true;
    }
}
