using Vprox.Bus.Messaging;
using Vprox.Contracts;
using Vprox.Failover.Core.Liveness;

namespace Vprox.Failover.Workers;

/// <summary>Feeds heartbeats and time to the judgement of nodes, and publishes its verdicts until the bus has them.</summary>
public sealed class LivenessLoop(
    IMessagePublisher publisher, IBusConnection bus, FailoverOptions options, TimeProvider time, ILogger<LivenessLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    // A verdict that went astray is said again; the Allocator takes it as often as it comes.
    private static readonly TimeSpan SayAgain = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly long started = time.GetTimestamp();
    private readonly LivenessPolicy policy = new()
    {
        SuspectAfter = options.SuspectAfter,
        Timeout = options.HeartbeatTimeout,
        RecoverAfter = options.RecoverAfter,
        HoldAbove = options.HoldAbove,
    };

    private readonly Queue<Verdict> verdicts = new();
    private NodeLiveness liveness = NodeLiveness.Empty;

    /// <summary>A heartbeat came.</summary>
    public void Hear(NodeHeartbeat heartbeat)
    {
        lock (gate) Take(liveness.Heard(heartbeat.NodeId, Now, policy));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        var saidAgain = Now;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // Without the bus nobody can be heard: time stands still, and the first tick afterwards forgives the pause.
            if (!bus.IsConnected) continue;
            lock (gate)
            {
                Take(liveness.Ticked(Now, policy));
                if (Now - saidAgain >= SayAgain)
                {
                    saidAgain = Now;
                    foreach (var verdict in liveness.InForce(Now)) verdicts.Enqueue(verdict);
                }
            }
            await PublishAsync(stoppingToken);
        }
    }

    private TimeSpan Now => time.GetElapsedTime(started);

    private void Take((NodeLiveness State, IReadOnlyList<Verdict> Verdicts) update)
    {
        liveness = update.State;
        foreach (var verdict in update.Verdicts)
        {
            Tell(verdict);
            if (verdict is Verdict.Unhealthy or Verdict.Recovered) verdicts.Enqueue(verdict);
        }
    }

    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Verdict? verdict;
            lock (gate) verdicts.TryPeek(out verdict);
            if (verdict is null) return;
            try
            {
                await PublishAsync(verdict, cancellationToken);
            }
            catch (BusUnavailableException away)
            {
                logger.VerdictNotPublished(verdict.GetType().Name, away.Message);
                return;
            }
            lock (gate) verdicts.Dequeue();
        }
    }

    private Task PublishAsync(Verdict verdict, CancellationToken cancellationToken) => verdict switch
    {
        Verdict.Unhealthy unhealthy => publisher.PublishAsync(
            new NodeUnhealthy { NodeId = unhealthy.NodeId, Evidence = [unhealthy.Evidence], At = time.GetUtcNow() }, cancellationToken),
        Verdict.Recovered recovered => publisher.PublishAsync(
            new NodeRecovered { NodeId = recovered.NodeId, Evidence = [recovered.Evidence], At = time.GetUtcNow() }, cancellationToken),
        _ => Task.CompletedTask,
    };

    private void Tell(Verdict verdict)
    {
        switch (verdict)
        {
            case Verdict.Suspected suspected: logger.NodeSuspected(suspected.NodeId, suspected.Evidence); break;
            case Verdict.Unhealthy unhealthy: logger.NodeUnhealthy(unhealthy.NodeId, unhealthy.Evidence); break;
            case Verdict.Recovered recovered: logger.NodeRecovered(recovered.NodeId, recovered.Evidence); break;
            case Verdict.Held held: logger.VerdictsHeld(held.Evidence); break;
        }
    }
}
