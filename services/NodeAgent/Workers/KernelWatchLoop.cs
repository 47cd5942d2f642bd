using Vprox.Netlink;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Ruleset;

namespace Vprox.NodeAgent.Workers;

/// <summary>
/// Makes a round when somebody else changes links, addresses, routes, rules or our nft table; the reconcile timer finds what this misses.
/// </summary>
public sealed class KernelWatchLoop(KernelGate kernel, INodeDataPlane dataPlane, Signals signals, TimeProvider time, ILogger<KernelWatchLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(250);

    private readonly RouteMonitor _routes = RouteMonitor.Open();
    private readonly RulesetMonitor _ruleset = RulesetMonitor.Open(NftTable.Name);
    private readonly RulesetGeneration _generation = RulesetGeneration.Open();

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(WatchRoutesAsync(stoppingToken), WatchRulesetAsync(stoppingToken));

    /// <inheritdoc/>
    public override void Dispose()
    {
        _routes.Dispose();
        _ruleset.Dispose();
        _generation.Dispose();
        base.Dispose();
    }

    private async Task WatchRoutesAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _routes.WaitAsync(cancellationToken).ConfigureAwait(false);
            RaiseUnlessOwn();
            await Task.Delay(Rest, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WatchRulesetAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _ruleset.WaitAsync(cancellationToken).ConfigureAwait(false);
            // Ours is told from others' by its number: whoever flushes the table right after a repair must not wait for the timer.
            if (Generation() is not { } generation || generation != dataPlane.RulesetGeneration)
                signals.Reconcile.Raise();
            await Task.Delay(Rest, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private uint? Generation()
    {
        try
        {
            return _generation.Read();
        }
        catch (NetlinkException e)
        {
            logger.RulesetNotWatched(e.Message);
            return null;
        }
    }

    // What changes while we change things is ours as a rule; a round for it would hold up the next arrival.
    private void RaiseUnlessOwn()
    {
        if (kernel.IdleFor >= Rest)
            signals.Reconcile.Raise();
    }
}
