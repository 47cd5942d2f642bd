using Vprox.Netlink;
using Vprox.NodeAgent.Core.DataPlane;

namespace Vprox.NodeAgent.Workers;

/// <summary>
/// Makes a round when somebody else changes links, addresses, routes, rules or nft tables; the reconcile timer finds what this misses.
/// </summary>
public sealed class KernelWatchLoop(KernelGate kernel, INodeDataPlane dataPlane, Signals signals, TimeProvider time, ILogger<KernelWatchLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(250);

    private readonly RouteMonitor _routes = RouteMonitor.Open();
    private readonly RulesetGeneration _ruleset = RulesetGeneration.Open();

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(WatchRoutesAsync(stoppingToken), WatchRulesetAsync(stoppingToken));

    /// <inheritdoc/>
    public override void Dispose()
    {
        _routes.Dispose();
        _ruleset.Dispose();
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

    // nftables has no group that a socket here can join; its generation is one small message.
    private async Task WatchRulesetAsync(CancellationToken cancellationToken)
    {
        var generation = Generation();
        using var timer = new PeriodicTimer(Rest, time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            var before = generation;
            generation = Generation();
            // Ours is told from others' by its number: whoever flushes the table right after a repair must not wait for the timer.
            if (generation != before && generation != dataPlane.RulesetGeneration)
                signals.Reconcile.Raise();
        }
    }

    private uint Generation()
    {
        try
        {
            return _ruleset.Read();
        }
        catch (NetlinkException e)
        {
            logger.RulesetNotWatched(e.Message);
            return 0;
        }
    }

    // What changes while we change things is ours as a rule; a round for it would hold up the next arrival.
    private void RaiseUnlessOwn()
    {
        if (kernel.IdleFor >= Rest)
            signals.Reconcile.Raise();
    }
}
