using Vprox.Contracts;
using Vprox.NodeAgent.Adapters.Imds;
using Vprox.NodeAgent.Core.Interruptions;

namespace Vprox.NodeAgent.Workers;

/// <summary>
/// Asks for this node's own drain when EC2 says that it will end. Once for each notice: a drain that an operator has ended stays ended.
/// </summary>
public sealed class InterruptionLoop(ImdsClient imds, NodeIdentity identity, EventQueue events, TimeProvider time, ILogger<InterruptionLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private static readonly (string Path, Func<string?, IReadOnlyList<InterruptionNotice>> Read)[] Places =
    [
        ("spot/instance-action", InterruptionNotices.OfSpot),
        ("events/recommendations/rebalance", InterruptionNotices.OfRebalance),
        ("events/maintenance/scheduled", InterruptionNotices.OfMaintenance),
    ];

    private readonly HashSet<string> _seen = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            foreach (var (path, read) in Places)
            {
                foreach (var notice in read(await TextAsync(path, stoppingToken).ConfigureAwait(false)).Where(notice => _seen.Add(notice.Key)))
                {
                    logger.Interrupted(identity.NodeId, notice.Reason);
                    events.Add(new DrainNode { NodeId = identity.NodeId, Reason = notice.Reason });
                }
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    private async Task<string?> TextAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await imds.GetAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (ImdsUnavailableException)
        {
            // The reading of addresses says so.
            return null;
        }
    }
}
