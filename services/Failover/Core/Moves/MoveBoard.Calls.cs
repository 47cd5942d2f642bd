using System.Collections.Immutable;
using Vprox.Failover.Core.Liveness;

namespace Vprox.Failover.Core.Moves;

/// <summary>Which calls are to be made now.</summary>
public sealed partial record MoveBoard
{
    /// <summary>
    /// The calls that may go out now, most important first. The caller makes those that the API's budget has room for and says so by
    /// <see cref="Started"/>; the others come again with the next plan.
    /// </summary>
    /// <param name="told">What Allocator and nodes told.</param>
    /// <param name="standings">What is held of nodes.</param>
    /// <param name="prepareTimeout">How long a move from a living node waits for its target.</param>
    /// <param name="now">Since the start of this process.</param>
    public (MoveBoard Board, IReadOnlyList<MoveCall> Calls) Plan(
        FleetPicture told, Func<string, NodeStandingNow?> standings, TimeSpan prepareTimeout, TimeSpan now)
    {
        var board = this;
        var due = new List<AddressMove>();
        var open = Open.Select(address => Moves[address]).ToList();
        var gathering = Gathering.Waiting(open, Moves.Values, now);
        // One call moves all that go to an ENI; an address that is ready before the others loses nothing by waiting for them.
        var unready = open
            .Where(move => MayWait(move, told, standings, prepareTimeout, now) && !told.IsPrepared(move.Desired!))
            .Select(move => move.Desired!.NetworkInterfaceId).ToHashSet(StringComparer.Ordinal);
        foreach (var move in open)
        {
            if (move.Outstanding > 0 || now < move.NotBefore || !IsKnown(move)) continue;
            if (gathering.Contains(move.Address)) continue;
            if (MayWait(move, told, standings, prepareTimeout, now) && unready.Contains(move.Desired!.NetworkInterfaceId))
            {
                if (!move.Waited) board = board.With(move with { Waited = true });
                continue;
            }
            due.Add(move);
        }
        return (board, [.. board.CallsFor(due, now), .. board.GiveBack(now)]);
    }

    /// <summary>A call has gone out.</summary>
    public MoveBoard Started(MoveCall call, Func<string, string?> nodeOfInterface)
    {
        var board = this;
        foreach (var address in call.Generations.Keys)
        {
            var move = Moves[address];
            var begun = move with { Outstanding = move.Outstanding + 1, Begun = move.Begun ?? call.Begun, StepBegun = move.StepBegun ?? call.Begun };
            if (move.Begun is null)
            {
                begun = begun with { FromNodeId = HolderOf(move) is { } eni ? nodeOfInterface(eni) ?? move.Desired?.FromNodeId : null };
                if (move.Waited) begun = begun.Took("wait", call.Begun - move.Since);
            }
            board = board.With(begun);
        }
        return call.Step is MoveStep.Unassign unassign
            ? board with { LeftBehind = LeftBehind.RemoveRange(unassign.PrivateAddresses.Select(address => new LeftBehind(unassign.NetworkInterfaceId, address))) }
            : board;
    }

    private IEnumerable<MoveCall> CallsFor(List<AddressMove> due, TimeSpan now)
    {
        var byAllocation = due.Where(move => move.AllocationId is not null).ToLookup(move => move.AllocationId!, StringComparer.Ordinal);
        var byPrivateAddress = due.Where(move => move.Desired is not null).ToLookup(move => move.Desired!.PrivateAddress, StringComparer.Ordinal);
        var steps = MovePlan.Moves(
            [.. due.Select(move => move.Desired).OfType<DesiredAddress>()],
            [.. due.Where(move => move.Desired is null).Select(move => move.AllocationId).OfType<string>()], View);

        // An Associate needs its private address on the ENI first.
        var assigned = steps.OfType<MoveStep.Assign>().SelectMany(assign => assign.PrivateAddresses).ToHashSet();
        var calls = new List<(MoveStep Step, List<AddressMove> Moves)>();
        foreach (var step in steps)
        {
            switch (step)
            {
                case MoveStep.Assign assign:
                    calls.AddRange(assign.PrivateAddresses.SelectMany(address => byPrivateAddress[address])
                        .Where(move => move.Desired!.NetworkInterfaceId == assign.NetworkInterfaceId)
                        .GroupBy(move => move.Lot, StringComparer.Ordinal)
                        .Select(lot => ((MoveStep)(assign with { PrivateAddresses = [.. lot.Select(move => move.Desired!.PrivateAddress).Distinct()] }), lot.ToList())));
                    break;
                case MoveStep.Associate associate when !assigned.Contains(associate.PrivateAddress):
                    calls.Add((associate, [.. byAllocation[associate.AllocationId]]));
                    break;
                case MoveStep.Disassociate disassociate:
                    calls.Add((disassociate, [.. byAllocation[disassociate.AllocationId]]));
                    break;
            }
        }
        return calls
            .OrderBy(call => call.Moves.Min(Importance.First)!, Importance.First)
            .Select(call => new MoveCall(
                call.Step, call.Moves.ToImmutableSortedDictionary(move => move.Address, move => move.Generation, StringComparer.Ordinal), now));
    }

    private IEnumerable<MoveCall> GiveBack(TimeSpan now)
    {
        if (LeftBehind.IsEmpty) return [];
        var wanted = Placements.Desired.Values.Select(placed => placed.PrivateAddress).ToHashSet();
        return MovePlan.GiveBack(LeftBehind.Where(left => now >= left.Value).Select(left => left.Key), wanted, View)
            .Select(step => new MoveCall(step, ImmutableSortedDictionary<string, long>.Empty, now));
    }

    /// <summary>Make before break: while the node that an address leaves is alive, the target is prepared first, for all that go to the same ENI.</summary>
    private bool MayWait(AddressMove move, FleetPicture told, Func<string, NodeStandingNow?> standings, TimeSpan prepareTimeout, TimeSpan now) =>
        move.Desired is { } desired && move.Begun is null && now - move.Since < prepareTimeout
        && LeavesNode(move, told) is { } from && from != desired.NodeId && standings(from) is { Dead: false };

    private string? LeavesNode(AddressMove move, FleetPicture told) =>
        move.Desired?.FromNodeId ?? (HolderOf(move) is { } eni ? told.NodeOf(eni) : null);

    private string? HolderOf(AddressMove move) =>
        move.AllocationId is { } allocation ? View.Associations.GetValueOrDefault(allocation)?.NetworkInterfaceId : null;

    private bool IsKnown(AddressMove move) => move.AllocationId is { } allocation && View.Associations.ContainsKey(allocation);
}
