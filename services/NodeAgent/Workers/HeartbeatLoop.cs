using Vprox.Bus.Messaging;
using Vprox.Contracts;
using Vprox.NodeAgent.Core;

namespace Vprox.NodeAgent.Workers;

/// <summary>Says that the node is alive, and what is wrong with it; no round holds it up. A heartbeat that does not get out is not kept: the next one says the same.</summary>
public sealed class HeartbeatLoop(
    NodeIdentity identity, NodeState state, NodeTrouble trouble, KernelGate kernel, FreezeWatch freeze, IMessagePublisher publisher, IBusConnection bus,
    NodeAgentOptions options, TimeProvider time, ILogger<HeartbeatLoop> logger) : BackgroundService
{
    private bool _inTrouble;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.HeartbeatInterval, time);
        for (long sequence = 1; await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false); sequence++)
        {
            var wrong = Trouble();
            // Until IMDS has been read after a freeze, this node may be one that has lost everything.
            if (!bus.IsConnected || !freeze.MayServe)
                continue;
            var heartbeat = new NodeHeartbeat
            {
                NodeId = identity.NodeId,
                Sequence = sequence,
                StartedAt = identity.StartedAt,
                ServingCount = state.Serving.Count,
                Trouble = wrong?.Sentence,
                TroubleMs = wrong?.For.TotalMilliseconds ?? 0,
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

    private (string Sentence, TimeSpan For)? Trouble()
    {
        var wrong = trouble.At(kernel.StuckFor, time.GetUtcNow());
        if (wrong is not null && !_inTrouble)
            logger.InTrouble(wrong.Value.Sentence);
        _inTrouble = wrong is not null;
        return wrong;
    }
}
