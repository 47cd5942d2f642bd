using System.Collections.Immutable;

namespace Vprox.Failover.Core.Moves;

/// <summary>What EC2's Describe calls and the nodes' own sight of IMDS confirm.</summary>
public sealed partial record MoveBoard
{
    /// <summary>What has to be looked at: moves whose calls are done, or refused, or that nothing is known of yet.</summary>
    public Ec2Question Looks(FleetPicture told)
    {
        var open = Open.Select(address => Moves[address]).Where(move => move.Outstanding == 0).ToList();
        var unclear = open.Where(move => !IsKnown(move) || move.Failures > 0 || IsBelievedDone(move)).ToList();
        return Ec2Question.About(
            unclear.Select(move => move.AllocationId).OfType<string>(),
            unclear.Where(move => move.AllocationId is null).Select(move => move.Address),
            // Which ENI has which address matters to what is planned anew, not to what is confirmed.
            unclear.Where(move => !IsKnown(move) || move.Failures > 0)
                .SelectMany(move => new[] { move.Desired?.NetworkInterfaceId, HolderOf(move) is { } eni && told.NodeOf(eni) is not null ? eni : null })
                .OfType<string>());
    }

    /// <summary>EC2's Describe calls were answered.</summary>
    /// <param name="asked">The question.</param>
    /// <param name="seen">The answer.</param>
    /// <param name="begun">When it was asked: what was written since cannot be in the answer.</param>
    /// <param name="now">Since the start of this process.</param>
    /// <param name="readLag">Reads lag writes: for so long what was written is believed more than what is read.</param>
    public MoveBoard Observed(Ec2Question asked, ObservedEc2 seen, TimeSpan begun, TimeSpan now, TimeSpan readLag)
    {
        var written = Moves.Values.Where(move => IsWrittenSince(move, begun - readLag) && !Confirms(seen, move, begun)).ToList();
        var board = this with
        {
            View = View.Updated(
                seen,
                written.Select(move => move.AllocationId).OfType<string>().ToHashSet(),
                written.Select(move => move.Desired?.PrivateAddress).OfType<string>().ToHashSet()),
        };
        foreach (var move in Open.Select(address => Moves[address]))
        {
            if (move.AllocationId is null)
                board = board.Found(move, asked, seen);
            else if (Confirms(seen, move, begun))
                board = board.Confirmed(move, now);
        }
        return board;
    }

    /// <summary>Nodes have said what IMDS shows them, and what they serve.</summary>
    public MoveBoard Witnessed(FleetPicture told, TimeSpan now)
    {
        var board = this;
        foreach (var move in Open.Select(address => Moves[address]))
        {
            if (move is not { Desired: { } desired, Begun: { } begun, Told: false }) continue;
            // That a node sees the private address says something of the Elastic IP only once that is bound to it.
            if (View.Associations.GetValueOrDefault(desired.AllocationId)?.PrivateAddress != desired.PrivateAddress) continue;
            if (told.IsServing(desired)) board = board.Arrived(move, "StaticIpServing", now);
            else if (told.IsSeenOnNode(desired, begun)) board = board.Arrived(move, "IMDS on the node", now);
        }
        return board;
    }

    private MoveBoard Found(AddressMove move, Ec2Question asked, ObservedEc2 seen)
    {
        if (seen.AllocationIds.GetValueOrDefault(move.Address) is { } allocation) return With(move with { AllocationId = allocation });
        // The account has no such Elastic IP (any more): then it is on nothing.
        return asked.PublicAddresses.Contains(move.Address) ? GivenBack(move) : this;
    }

    private MoveBoard Confirmed(AddressMove move, TimeSpan now)
    {
        if (move.Desired is null) return GivenBack(move);
        var board = move.Told || (!move.IsNews && move.Begun is null) ? this : Arrived(move, "DescribeAddresses", now);
        return board.With(board.Moves[move.Address] with { Settled = true, Failures = 0, Lot = "" });
    }

    private MoveBoard Arrived(AddressMove move, string witness, TimeSpan now)
    {
        var arrived = move with { Told = true };
        if ((move.WrittenAt ?? move.Begun) is { } since) arrived = arrived.Took("confirm", now - since);
        return With(arrived).Saying(new MoveEvent.Arrived(arrived, witness));
    }

    private MoveBoard GivenBack(AddressMove move) => Without(move.Address).Saying(new MoveEvent.GivenBack(move.Address, move.Generation));

    private bool IsBelievedDone(AddressMove move) =>
        move.Desired is { } desired ? View.Associates(desired) : View.Associations.GetValueOrDefault(move.AllocationId!) is null;

    private static bool IsWrittenSince(AddressMove move, TimeSpan then) => move.Outstanding > 0 || move.WrittenAt > then;

    private static bool Confirms(ObservedEc2 seen, AddressMove move, TimeSpan begun)
    {
        if (move.AllocationId is not { } allocation || !seen.Associations.TryGetValue(allocation, out var association)) return false;
        if (move.Begun is { } first && begun < first) return false;
        return move.Desired is { } desired ? seen.Associates(desired) : association is null;
    }
}
