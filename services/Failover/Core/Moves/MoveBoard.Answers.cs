using System.Collections.Immutable;
using Vprox.Failover.Core.Calls;

namespace Vprox.Failover.Core.Moves;

/// <summary>What EC2's answers change.</summary>
public sealed partial record MoveBoard
{
    /// <summary>A call has ended.</summary>
    /// <param name="call">The call.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="now">Since the start of this process.</param>
    /// <param name="jitter">0..1, for the wait before it is made again.</param>
    public MoveBoard Answered(MoveCall call, CallOutcome outcome, TimeSpan now, double jitter) => outcome switch
    {
        CallOutcome.Done done => Done(call, done, now),
        CallOutcome.Refused refused => Refused(call, refused.Why, now, jitter),
        _ => throw new InvalidOperationException($"No such outcome: {outcome}."),
    };

    private MoveBoard Done(MoveCall call, CallOutcome.Done done, TimeSpan now)
    {
        var board = this with { View = View.After(call.Step, done.AssociationId) };
        if (Core.Moves.LeftBehind.By(call.Step, View) is { } left && View.Holds(left.NetworkInterfaceId, left.PrivateAddress) && !IsWanted(left.PrivateAddress))
            board = board with { LeftBehind = board.LeftBehind.SetItem(left, now) };
        foreach (var (address, generation) in call.Generations)
        {
            if (!Moves.TryGetValue(address, out var move)) continue;
            board = board.With(move.Generation == generation
                ? (move with
                {
                    Outstanding = Math.Max(0, move.Outstanding - 1), Failures = 0, NotBefore = TimeSpan.Zero, Lot = "", WrittenAt = now, StepBegun = null,
                }).Took(NameOf(call.Step), now - (move.StepBegun ?? call.Begun))
                // An older placement's call was answered late: who knows which of the two EC2 did last.
                : move with { Settled = false });
        }
        return board;
    }

    private MoveBoard Refused(MoveCall call, Refusal why, TimeSpan now, double jitter)
    {
        if (call.Step is MoveStep.Unassign unassign)
        {
            // EC2 does not know it there any more: then there is nothing to give back.
            return why is Refusal.Rejected or Refusal.NotFound
                ? this
                : this with
                {
                    LeftBehind = LeftBehind.SetItems(unassign.PrivateAddresses.Select(address =>
                        KeyValuePair.Create(new LeftBehind(unassign.NetworkInterfaceId, address), now + Backoff.After(why, 1, jitter)))),
                };
        }
        var board = this;
        var isList = call.Step is MoveStep.Assign { PrivateAddresses.Count: > 1 };
        foreach (var (position, (address, generation)) in call.Generations.Index())
        {
            if (!Moves.TryGetValue(address, out var move) || move.Generation != generation) continue;
            var failed = move with { Outstanding = Math.Max(0, move.Outstanding - 1), Failures = move.Failures + 1 };
            if (why is Refusal.Rejected && isList)
                failed = failed with { Lot = $"{move.Lot}{(position < call.Generations.Count / 2 ? 'a' : 'b')}", Failures = 0 };
            else
                failed = failed with { NotBefore = now + Backoff.After(why, failed.Failures, jitter) };
            board = board.With(failed);
            // What was believed led to a call that EC2 does not take: it is looked at anew before the next.
            if (why is Refusal.Rejected && !isList && move.AllocationId is { } allocation)
                board = board with { View = board.View with { Associations = board.View.Associations.Remove(allocation) } };
        }
        return board;
    }

    private bool IsWanted(string privateAddress) => Placements.Desired.Values.Any(placed => placed.PrivateAddress == privateAddress);

    private static string NameOf(MoveStep step) => step switch
    {
        MoveStep.Assign => "assign",
        MoveStep.Associate => "associate",
        MoveStep.Disassociate => "disassociate",
        _ => "unassign",
    };
}
