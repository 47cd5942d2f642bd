using Vprox.Contracts;
using Vprox.Failover.Adapters;
using Vprox.Failover.Core.Calls;
using Vprox.Failover.Core.Liveness;
using Vprox.Failover.Core.Replacement;

namespace Vprox.Failover.Workers;

/// <summary>Keeps the fleet at its size: starts an instance in place of a node that is gone for good, once.</summary>
public sealed class FleetKeeper(
    Fleet fleet, IInstances instances, ApiGate gate, ActiveReplica replica, INodeStandings standings, Announcer announcer, MoveMeter meter,
    FailoverOptions options, TimeProvider time, ILogger<FleetKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    // What EC2 has started may take seconds to show in what it lists.
    private readonly HashSet<string> replaced = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> notBefore = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.LaunchTemplateId is null) return;
        using var timer = new PeriodicTimer(Between, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Ec2UnavailableException away)
            {
                logger.DescribeFailed(away.Message);
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var nodes = fleet.Nodes.Values.Where(node => node.NetworkInterfaces.Count > 0 && !replaced.Contains(node.NodeId)).ToList();
        if (!replica.IsActive || fleet.Picture.SnapshotTurn != replica.Turns || nodes.Count == 0 || !gate.TryTake(ApiAction.DescribeInstances)) return;
        var states = await instances.StatesAsync([.. nodes.Select(node => node.InstanceId)], cancellationToken);
        var fleetNodes = nodes.Select(node => new FleetNode(
            node.NodeId, node.InstanceId, node.NetworkInterfaces[0].SubnetId, standings.Of(node.NodeId), states.GetValueOrDefault(node.InstanceId), false)).ToList();
        var gone = ReplacementPlan.Plan(fleetNodes, options.ReplaceAfter);
        if (gone.Count == 0 || !gate.TryTake(ApiAction.DescribeInstances)) return;

        // Only for those that are gone is it asked whether another process has replaced them already.
        var before = await instances.ReplacementsAsync([.. gone.Select(lost => lost.NodeId)], cancellationToken);
        replaced.UnionWith(before.Keys);
        foreach (var lost in ReplacementPlan.Plan(fleetNodes.Select(node => node with { IsReplaced = replaced.Contains(node.NodeId) }), options.ReplaceAfter))
            await ReplaceAsync(lost, cancellationToken);
    }

    private async Task ReplaceAsync(Replacement lost, CancellationToken cancellationToken)
    {
        if (fleet.Now < notBefore.GetValueOrDefault(lost.NodeId) || !replica.IsActive || !gate.TryTake(ApiAction.RunInstances)) return;
        try
        {
            var instance = await instances.RunAsync(lost, cancellationToken);
            replaced.Add(lost.NodeId);
            meter.Replaced();
            meter.Called(ApiAction.RunInstances, "Done");
            logger.NodeReplaced(instance, lost.NodeId, lost.Evidence);
            announcer.Say(new NodeReplaced { NodeId = lost.NodeId, InstanceId = instance, Evidence = [lost.Evidence], At = time.GetUtcNow() });
        }
        catch (Ec2UnavailableException refused)
        {
            notBefore[lost.NodeId] = fleet.Now + RetryAfter;
            meter.Called(ApiAction.RunInstances, "Refused");
            logger.ReplacementFailed(lost.NodeId, refused.Message);
        }
    }
}
