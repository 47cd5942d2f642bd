using MassTransit;
using Vprox.Contracts;
using Vprox.Failover.Core.Liveness;
using Vprox.Failover.Workers;

namespace Vprox.Failover.Consumers;

/// <summary>
/// Obeys operators, and nodes that were told of their end. A command is acknowledged when what follows from it is on the bus: should this
/// process die before, the next replica is given the command.
/// </summary>
public sealed class OperatorConsumer(NodeWatch watch, ILogger<OperatorConsumer> logger) : IConsumer<DrainNode>, IConsumer<UncordonNode>, IConsumer<FailNode>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<DrainNode> context)
    {
        var (nodeId, why) = (context.Message.NodeId, NodeWatch.Text(context.Message.Reason) ?? "an operator wants it");
        return ObeyAsync("DrainNode", nodeId, new Observation.DrainAsked(nodeId, why), context.CancellationToken);
    }

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<UncordonNode> context) =>
        ObeyAsync("UncordonNode", context.Message.NodeId, new Observation.UncordonAsked(context.Message.NodeId), context.CancellationToken);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<FailNode> context)
    {
        var (nodeId, why) = (context.Message.NodeId, NodeWatch.Text(context.Message.Reason) ?? "no reason given");
        return ObeyAsync("FailNode", nodeId, new Observation.FailAsked(nodeId, $"an operator declared it dead: {why}"), context.CancellationToken);
    }

    private async Task ObeyAsync(string command, string nodeId, Observation asked, CancellationToken cancellationToken)
    {
        if (watch.State.Nodes.GetValueOrDefault(nodeId) is not { } node)
        {
            logger.NodeUnknown(command, NodeWatch.Text(nodeId)!);
            return;
        }
        if (asked is Observation.DrainAsked && (node.Draining || node.Health == Health.Unhealthy))
            logger.DrainNeedless(nodeId, node.Draining ? "drains already" : "is unhealthy, and its addresses are being moved");
        watch.Observe(asked);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await watch.UntilPublishedAsync(nodeId, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"What follows from {command} for {nodeId} was not on the bus within {Patience}");
        }
    }
}
