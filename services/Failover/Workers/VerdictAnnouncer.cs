using Vprox.Bus.Messaging;
using Vprox.Contracts;
using Vprox.Failover.Core.Liveness;

namespace Vprox.Failover.Workers;

/// <summary>
/// Publishes verdicts and logs those that were. Only the active replica does: what another one thinks is dropped here, and judged again
/// when its turn comes.
/// </summary>
public sealed class VerdictAnnouncer(
    NodeWatch watch, Fleet fleet, IMessagePublisher publisher, ActiveReplica replica, DetectionMeter meter, TimeProvider time, ILogger<VerdictAnnouncer> logger)
    : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Verdict>();
        while (await watch.Verdicts.WaitToReadAsync(stoppingToken))
        {
            batch.Clear();
            while (watch.Verdicts.TryRead(out var verdict)) batch.Add(verdict);
            await Task.WhenAll(batch.Select(verdict => AnnounceAsync(verdict, stoppingToken)));
        }
    }

    private async Task AnnounceAsync(Verdict verdict, CancellationToken cancellationToken)
    {
        if (!replica.IsActive) return;
        Tell(verdict);
        // A move may be waiting for a node that has just been declared dead.
        if (verdict is Verdict.Unhealthy) fleet.Wake();
        try
        {
            await PublishAsync(verdict, time.GetUtcNow(), cancellationToken);
        }
        catch (BusUnavailableException away)
        {
            logger.VerdictNotPublished(verdict.GetType().Name, verdict.Node ?? "several nodes", away.Message);
            return;
        }
        meter.Count(verdict);
        watch.Observe(new Observation.Published(verdict));
    }

    private Task PublishAsync(Verdict verdict, DateTimeOffset at, CancellationToken cancellationToken) => verdict switch
    {
        Verdict.Suspected said => publisher.PublishAsync(new NodeSuspected { NodeId = said.NodeId, Evidence = said.Evidence, At = at }, cancellationToken),
        Verdict.Unhealthy said => publisher.PublishAsync(new NodeUnhealthy { NodeId = said.NodeId, Evidence = said.Evidence, At = at }, cancellationToken),
        Verdict.Recovered said => publisher.PublishAsync(new NodeRecovered { NodeId = said.NodeId, Evidence = said.Evidence, At = at }, cancellationToken),
        Verdict.Draining said => publisher.PublishAsync(new NodeDraining { NodeId = said.NodeId, Evidence = said.Evidence, At = at }, cancellationToken),
        Verdict.Held said => publisher.PublishAsync(new NodesHeld { NodeIds = [.. said.NodeIds], Evidence = said.Evidence, At = at }, cancellationToken),
        _ => Task.CompletedTask,
    };

    private void Tell(Verdict verdict)
    {
        var evidence = string.Join("; ", verdict.Evidence);
        switch (verdict)
        {
            case Verdict.Suspected suspected: logger.NodeSuspected(suspected.NodeId, evidence); break;
            case Verdict.Cleared cleared: logger.NodeCleared(cleared.NodeId, evidence); break;
            case Verdict.Unhealthy unhealthy: logger.NodeUnhealthy(unhealthy.NodeId, unhealthy.After.TotalMilliseconds, evidence); break;
            case Verdict.Recovered recovered: logger.NodeRecovered(recovered.NodeId, evidence); break;
            case Verdict.Draining draining: logger.NodeDraining(draining.NodeId, evidence); break;
            case Verdict.Held held: logger.VerdictsHeld(string.Join(", ", held.NodeIds), evidence); break;
            case Verdict.HoldEnded: logger.HoldEnded(evidence); break;
        }
    }
}
