using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Https;

namespace Vprox.NodeAgent.Workers;

/// <summary>
/// Puts prepared addresses on their ENI the moment IMDS shows them, all of them at once and ahead of whatever round is under way: until then they
/// are dark.
/// </summary>
public sealed class Arrivals(
    NodeState state, INodeDataPlane dataPlane, KernelGate kernel, ServedAddresses served, Announcements announcements, TimeProvider time, ILogger<Arrivals> logger)
{
    /// <summary>Takes in what has come. What the kernel refuses is the next round's.</summary>
    public async Task TakeInAsync(CancellationToken cancellationToken)
    {
        if (state.NextArrivals() is null)
            return;
        try
        {
            await kernel.RunUrgentAsync(async () =>
            {
                if (state.NextArrivals() is not { } arrived)
                    return;
                var refusals = await dataPlane.ArriveAsync(arrived, cancellationToken).ConfigureAwait(false);
                if (refusals.Sentences is { Count: > 0 } sentences)
                    logger.ArrivalRefused(string.Join("; ", sentences));
                var changes = state.ArrivalsDone(
                    arrived with { Addresses = [.. arrived.Addresses.Where(address => !refusals.Addresses.ContainsKey(address.Address))] }, time.GetUtcNow());
                served.Show(state.Arrived);
                announcements.Say(changes);
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            logger.ArrivalRefused(e.Message);
        }
    }
}
