using System.Collections.Concurrent;
using System.Net;
using Vprox.Bus.Messaging;
using Vprox.Failover.Adapters;
using Vprox.Failover.Core.Liveness;

namespace Vprox.Failover.Workers;

/// <summary>Probes the nodes that miss heartbeats, that somebody complains of, and those that are unhealthy, so that they may recover.</summary>
public sealed class ProbeLoop(NodeWatch watch, NodeProbe probe, DetectionMeter meter, IBusConnection bus, TimeProvider time, ILogger<ProbeLoop> logger)
    : BackgroundService
{
    private const int AtOnce = 256;
    private const int AtOncePerNode = 4;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(25);

    private readonly ConcurrentDictionary<string, int> underway = new();
    private readonly ConcurrentDictionary<string, bool> noWay = new();
    private int all;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        var lastBegan = new Dictionary<string, TimeSpan>();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // Without the bus nobody is heard, and silence means nothing.
            if (!bus.IsConnected) continue;
            var (state, now) = (watch.State, watch.Now);
            foreach (var node in state.Nodes.Values)
            {
                TimeSpan? last = lastBegan.TryGetValue(node.NodeId, out var began) ? began : null;
                if (node.ProbeTarget is not { } target || !ProbePlan.IsDue(node, !state.Reports.Against(node.NodeId).IsEmpty, last, now, watch.Policy)) continue;
                if (Volatile.Read(ref all) >= AtOnce || underway.GetValueOrDefault(node.NodeId) >= AtOncePerNode) continue;
                lastBegan[node.NodeId] = now;
                _ = ProbeAsync(node.NodeId, target, now, stoppingToken);
            }
        }
    }

    private async Task ProbeAsync(string nodeId, IPEndPoint target, TimeSpan began, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref all);
        underway.AddOrUpdate(nodeId, 1, (_, count) => count + 1);
        try
        {
            var outcome = await Task.Run(() => probe.ProbeAsync(target, cancellationToken), cancellationToken);
            meter.Count(outcome);
            if (outcome is not { } known) return;
            watch.Observe(new Observation.Probed(nodeId, new ProbeResult(known, began)));
            Warn(nodeId, target, known);
        }
        catch (Exception failed) when (!cancellationToken.IsCancellationRequested)
        {
            logger.ProbeFailed(nodeId, target, failed.Message);
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
        finally
        {
            underway.AddOrUpdate(nodeId, 0, (_, count) => count - 1);
            Interlocked.Decrement(ref all);
        }
    }

    /// <summary>
    /// A node that is heard and can't be probed would be taken for dead with the next cut of the bus: a person has to open the way.
    /// </summary>
    private void Warn(string nodeId, IPEndPoint target, ProbeOutcome outcome)
    {
        if (outcome != ProbeOutcome.Unreachable) noWay.TryRemove(nodeId, out _);
        else if (watch.State.Nodes.GetValueOrDefault(nodeId) is { Health: Health.Alive, Heartbeats.Any: true } && noWay.TryAdd(nodeId, true)) logger.NoWayToNode(nodeId, target);
    }
}
