using Vprox.Allocator.Adapters.Storage;

namespace Vprox.Allocator.Transactions;

/// <summary>What Failover or an operator said of a node: written down, and addresses moved where that follows.</summary>
public sealed class JudgeNode(AllocatorStore store, StrandedAddresses stranded, DrainedNodes drained, TimeProvider time, ILogger<JudgeNode> logger)
{
    public Task MarkUnhealthyAsync(string nodeId, DateTimeOffset at, CancellationToken cancellationToken) =>
        JudgeAsync(nodeId, at, node => node.Unhealthy = true, "unhealthy", cancellationToken);

    public Task MarkRecoveredAsync(string nodeId, DateTimeOffset at, CancellationToken cancellationToken) =>
        JudgeAsync(nodeId, at, node => node.Unhealthy = false, "recovered", cancellationToken);

    /// <summary>A drained node stays cordoned until an operator says otherwise.</summary>
    public Task MarkDrainingAsync(string nodeId, DateTimeOffset at, CancellationToken cancellationToken) =>
        JudgeAsync(nodeId, at, node => node.Draining = node.Cordoned = true, "draining", cancellationToken);

    public Task CordonAsync(string nodeId, CancellationToken cancellationToken) =>
        JudgeAsync(nodeId, at: null, node => node.Cordoned = true, "cordoned", cancellationToken);

    public Task UncordonAsync(string nodeId, CancellationToken cancellationToken) =>
        JudgeAsync(nodeId, at: null, node => node.Draining = node.Cordoned = false, "uncordoned", cancellationToken);

    private async Task JudgeAsync(string nodeId, DateTimeOffset? at, Action<Node> mark, string verdict, CancellationToken cancellationToken)
    {
        var stages = new Stages(time);
        var outcome = await store.DecideUrgentlyAsync(
            async database =>
            {
                stages.Passed("waited");
                if (await database.Nodes.FindAsync(nodeId) is not { } node || at?.ToUnixTimeMilliseconds() <= node.JudgedAt?.ToUnixTimeMilliseconds())
                    return null;
                mark(node);
                node.JudgedAt = at ?? node.JudgedAt;
                var moved = await stranded.MoveAsync(database, stages);
                await drained.PublishAsync(database);
                return moved;
            },
            cancellationToken);
        stages.Passed("committed");
        if (outcome is null)
        {
            logger.VerdictIgnored(nodeId, verdict);
            return;
        }
        logger.NodeJudged(nodeId, verdict);
        if (outcome.Moves.Count > 0)
            logger.AddressesPlacedAnew(outcome.Moves.Count, nodeId, verdict, stages.TotalMs, stages.ToString());
        logger.Moved(outcome);
    }
}
