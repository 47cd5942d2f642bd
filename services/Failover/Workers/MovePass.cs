using System.Collections.Concurrent;
using System.Collections.Immutable;
using Vprox.Bus.Messaging;
using Vprox.Contracts;
using Vprox.Failover.Adapters;
using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Workers;

/// <summary>One pass over some addresses: describe, plan, apply, confirm, tell.</summary>
public sealed class MovePass(Fleet fleet, IEc2 ec2, IMessagePublisher publisher, FailoverOptions options, TimeProvider time, ILogger<MovePass> logger)
{
    private const int CallsAtOnce = 8;

    // Reads lag writes by a second or two: often at first, then less.
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastLook = TimeSpan.FromSeconds(1);

    /// <summary>True when every address is where it shall be.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var (placements, addresses) = fleet.Take();
        if (addresses.IsEmpty) return true;
        var done = ImmutableHashSet<string>.Empty;
        try
        {
            done = await MoveAsync(placements, addresses, cancellationToken);
        }
        finally
        {
            // Whatever ends the pass, what it did not confirm is looked at again.
            fleet.Again(addresses.Except(done));
        }
        var left = addresses.Except(done);
        if (left.IsEmpty) return true;
        logger.MovesUnconfirmed(left.Count, left.Order(StringComparer.Ordinal).First());
        return false;
    }

    private async Task<ImmutableHashSet<string>> MoveAsync(Placements placements, ImmutableHashSet<string> addresses, CancellationToken cancellationToken)
    {
        var desired = placements.Desired.Values.Where(placed => addresses.Contains(placed.Address)).ToList();
        var released = placements.Released.Where(pair => addresses.Contains(pair.Key) && placements.Allocations.ContainsKey(pair.Key))
            .ToDictionary(pair => placements.Allocations[pair.Key], pair => (Address: pair.Key, Generation: pair.Value));
        var before = await DescribeAsync(desired, released.Keys, cancellationToken);
        var wanted = placements.Desired.Values.Select(placed => placed.PrivateAddress).ToHashSet();
        var plan = MovePlan.Plan(desired, released.Keys, wanted, before);

        var timing = new StepTiming();
        var moving = desired.Where(placed => !before.Shows(placed)).ToList();
        // Kinds one after the other, each kind in parallel: an Associate needs its private address, an Unassign comes last.
        foreach (var kind in plan.GroupBy(step => step.GetType()))
            await timing.MeasureAsync(kind.Key, time, () => Parallel.ForEachAsync(
                kind, new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce, CancellationToken = cancellationToken },
                async (step, token) => await ApplyAsync(step, token)));

        var confirming = time.GetTimestamp();
        var confirmed = await ConfirmAsync(moving, cancellationToken);
        timing.Took("confirm", time.GetElapsedTime(confirming));
        foreach (var placed in confirmed)
            await TellAsync(placed, before, timing, cancellationToken);
        var kept = await GiveBackAsync(released, cancellationToken);
        return addresses.Except(moving.Except(confirmed).Select(placed => placed.Address)).Except(kept);
    }

    private Task<ObservedEc2> DescribeAsync(
        IReadOnlyCollection<DesiredAddress> desired, IEnumerable<string> allocations, CancellationToken cancellationToken) =>
        ec2.DescribeAsync(
            [.. desired.Select(placed => placed.AllocationId).Concat(allocations).Distinct()],
            [.. desired.Select(placed => placed.NetworkInterfaceId).Distinct()],
            cancellationToken);

    private async Task ApplyAsync(MoveStep step, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (await ec2.ApplyAsync(step, cancellationToken) is not { } refusal)
        {
            logger.StepDone(Describe(step), time.GetElapsedTime(started).TotalMilliseconds);
            return;
        }
        logger.StepRefused(Describe(step), refusal);
        // A list is all or nothing: one bad address must not keep the others.
        if (step is MoveStep.Assign { PrivateAddresses.Count: > 1 } assign)
        {
            foreach (var address in assign.PrivateAddresses)
                await ApplyAsync(assign with { PrivateAddresses = [address] }, cancellationToken);
        }
    }

    private async Task<List<DesiredAddress>> ConfirmAsync(List<DesiredAddress> moving, CancellationToken cancellationToken)
    {
        var confirmed = new List<DesiredAddress>();
        var started = time.GetTimestamp();
        for (var wait = FirstLook; confirmed.Count < moving.Count; wait = wait * 2 < LastLook ? wait * 2 : LastLook)
        {
            var left = moving.Except(confirmed).ToList();
            var now = await DescribeAsync(left, [], cancellationToken);
            confirmed.AddRange(left.Where(now.Shows));
            if (confirmed.Count == moving.Count || time.GetElapsedTime(started) > options.ConfirmTimeout) break;
            await Task.Delay(wait, time, cancellationToken);
        }
        return confirmed;
    }

    private async Task TellAsync(DesiredAddress placed, ObservedEc2 before, StepTiming timing, CancellationToken cancellationToken)
    {
        var from = before.Associations.GetValueOrDefault(placed.AllocationId) is { } was ? fleet.NodeOf(was.NetworkInterfaceId) : null;
        logger.AddressMoved(placed.Address, from, placed.NodeId, placed.Generation, timing.TotalMs);
        await publisher.PublishAsync(new IpReassigned
        {
            Address = placed.Address,
            FromNodeId = from,
            ToNodeId = placed.NodeId,
            Generation = placed.Generation,
            StepsMs = timing.StepsMs,
        }, cancellationToken);
    }

    /// <summary>Forgets the releases that EC2 has followed and returns the addresses that it still shows on something.</summary>
    private async Task<IReadOnlyCollection<string>> GiveBackAsync(
        Dictionary<string, (string Address, long Generation)> released, CancellationToken cancellationToken)
    {
        if (released.Count == 0) return [];
        var now = await ec2.DescribeAsync(released.Keys, [], cancellationToken);
        foreach (var (_, (address, generation)) in released.Where(pair => now.Associations.GetValueOrDefault(pair.Key) is null))
        {
            logger.AddressReleased(address, generation);
            fleet.Forget(address, generation);
        }
        return [.. released.Where(pair => now.Associations.GetValueOrDefault(pair.Key) is not null).Select(pair => pair.Value.Address)];
    }

    private static string Describe(MoveStep step) => step switch
    {
        MoveStep.Assign assign => $"AssignPrivateIpAddresses {string.Join(", ", assign.PrivateAddresses)} to {assign.NetworkInterfaceId}",
        MoveStep.Associate associate => $"AssociateAddress {associate.AllocationId} to {associate.PrivateAddress} on {associate.NetworkInterfaceId}",
        MoveStep.Disassociate disassociate => $"DisassociateAddress {disassociate.AllocationId}",
        MoveStep.Unassign unassign => $"UnassignPrivateIpAddresses {string.Join(", ", unassign.PrivateAddresses)} from {unassign.NetworkInterfaceId}",
        _ => step.ToString(),
    };
}
