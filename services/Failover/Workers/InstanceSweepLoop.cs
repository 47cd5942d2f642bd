using Vprox.Failover.Adapters;
using Vprox.Failover.Core.Calls;
using Vprox.Failover.Core.Liveness;

namespace Vprox.Failover.Workers;

/// <summary>Asks EC2 what instances do: all on a timer, for the events that were lost, and a node at once when it is suspected.</summary>
public sealed class InstanceSweepLoop(
    NodeWatch watch, IInstances instances, ApiGate gate, ActiveReplica replica, FailoverOptions options, TimeProvider time, ILogger<InstanceSweepLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        long? swept = null;
        var suspects = new HashSet<string>();
        var away = false;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!replica.IsActive)
            {
                swept = null;
                continue;
            }
            var nodes = watch.State.Nodes.Values.Where(node => node.InstanceId is not null).ToList();
            var now = nodes.Where(node => node.Health == Health.Suspect).Select(node => node.InstanceId!).ToHashSet();
            var due = swept is not { } last || time.GetElapsedTime(last) >= options.InstanceSweepInterval;
            IReadOnlyCollection<string> asked = due ? [.. nodes.Select(node => node.InstanceId!).Distinct()] : [.. now.Except(suspects)];
            suspects = now;
            if (asked.Count == 0) continue;
            if (!gate.TryTake(ApiAction.DescribeInstances) || (due && !gate.TryTake(ApiAction.DescribeInstanceStatus))) continue;
            if (due) swept = time.GetTimestamp();
            away = !await AskAsync(asked, due, away, stoppingToken);
        }
    }

    private async Task<bool> AskAsync(IReadOnlyCollection<string> instanceIds, bool notices, bool wasAway, CancellationToken cancellationToken)
    {
        try
        {
            var asked = time.GetUtcNow();
            foreach (var (id, state) in await instances.StatesAsync(instanceIds, cancellationToken)) watch.Observe(new Observation.InstanceState(id, state, asked));
            if (notices)
            {
                foreach (var (id, notice) in await instances.NoticesAsync(cancellationToken)) watch.Observe(new Observation.InstanceNotice(id, notice));
            }
            return true;
        }
        catch (Ec2UnavailableException failed)
        {
            if (!wasAway) logger.SweepFailed(failed.Message);
            return false;
        }
    }
}
