using Vprox.Bus.Messaging;
using Vprox.Contracts;
using Vprox.NodeAgent.Core;

namespace Vprox.NodeAgent.Workers;

/// <summary>Says that the node is alive. A heartbeat that does not get out is not kept: the next one says the same.</summary>
public sealed class HeartbeatLoop(
    NodeIdentity identity, NodeState state, IMessagePublisher publisher, IBusConnection bus, NodeAgentOptions options, TimeProvider time) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.HeartbeatInterval, time);
        for (long sequence = 1; await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false); sequence++)
        {
            if (!bus.IsConnected)
                continue;
            var heartbeat = new NodeHeartbeat
            {
                NodeId = identity.NodeId,
                Sequence = sequence,
                StartedAt = identity.StartedAt,
                ServingCount = state.Serving.Count,
            };
            try
            {
                await publisher.PublishAsync(heartbeat, stoppingToken).ConfigureAwait(false);
            }
            catch (BusUnavailableException)
            {
                // The bus says once that it is away; Failover sees what is missing.
            }
        }
    }
}
