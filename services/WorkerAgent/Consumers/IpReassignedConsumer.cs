using MassTransit;
using Vprox.Contracts;
using Vprox.WorkerAgent.Workers;

namespace Vprox.WorkerAgent.Consumers;

/// <summary>IpReassigned of an address we use → look at its tunnel at once.</summary>
public sealed class IpReassignedConsumer(TunnelProbes probes, WorkerInbox inbox, ILogger<IpReassignedConsumer> logger) : IConsumer<IpReassigned>
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<IpReassigned> context)
    {
        var moved = context.Message;
        if (inbox.State?.Tunnels.Values.Any(tunnel => tunnel.Grant?.Address.ToString() == moved.Address) != true)
            return;
        if (!await probes.CheckAsync(moved.Address, moved.Generation, context.CancellationToken))
            return;
        logger.AddressMoved(moved.Address, moved.ToNodeId, moved.Generation);
    }
}
