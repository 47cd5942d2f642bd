using System.Collections.Immutable;
using Vprox.Bus.Messaging;
using Vprox.Failover.Core.Liveness;
using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Workers;

/// <summary>Lets time pass for the judgement of nodes, and tells it where addresses are placed and when it is this replica's turn.</summary>
public sealed class LivenessLoop(NodeWatch watch, Fleet fleet, ActiveReplica replica, IBusConnection bus, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(25);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        var turns = 0;
        ImmutableSortedDictionary<string, DesiredAddress>? placed = null;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var desired = fleet.Placements.Desired;
            if (!ReferenceEquals(desired, placed))
            {
                placed = desired;
                watch.Observe(new Observation.Placed(
                    desired.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.NodeId, StringComparer.Ordinal),
                    desired.Values.GroupBy(address => address.NodeId).ToImmutableDictionary(
                        node => node.Key, node => node.SelectMany(address => address.WorkerHosts).Distinct().Count())));
            }
            if (replica.Turns is var now && now != turns)
            {
                turns = now;
                watch.Observe(new Observation.TurnTaken());
            }
            watch.Observe(new Observation.Ticked(bus.IsConnected));
        }
    }
}
