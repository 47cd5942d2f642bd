using System.Collections.Immutable;
using Vprox.Failover.Core.Calls;
using Vprox.Failover.Core.Liveness;
using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Tests.Core;

/// <summary>A board of moves at work on a model of EC2, on a clock of its own.</summary>
internal sealed class BoardRun(Ec2Model ec2)
{
    public static readonly TimeSpan PrepareTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadLag = TimeSpan.FromSeconds(3);

    public MoveBoard Board { get; private set; } = MoveBoard.Empty;

    public FleetPicture Told { get; set; } = FleetPicture.Empty;

    public Func<string, NodeStandingNow?> Standings { get; set; } = _ => null;

    public TimeSpan Now { get; set; }

    public List<MoveCall> Calls { get; } = [];

    public List<MoveEvent> Events { get; } = [];

    /// <summary>Says how a call ends instead of EC2; null leaves it to EC2.</summary>
    public Func<MoveCall, CallOutcome?> Trouble { get; set; } = _ => null;

    public void Follow(Placements placements, bool isNews)
    {
        Told = Told with { Placements = placements };
        Board = Board.Follow(placements, placements.Desired.Keys.Concat(placements.Released.Keys).ToDictionary(address => address, _ => isNews), Now);
    }

    /// <summary>Looks, calls and answers until nothing is open any more; false when that does not come.</summary>
    /// <param name="diesAt">The process is killed when it makes this call; the call is not made.</param>
    public bool Run(int rounds = 2000, int diesAt = int.MaxValue)
    {
        for (var round = 0; round < rounds; round++)
        {
            Now += TimeSpan.FromMilliseconds(50);
            if (!Step(diesAt)) return false;
            var question = Board.Looks(Told);
            if (!question.IsEmpty) Board = Board.Observed(question, Look(question), Now, Now, ReadLag);
            Events.AddRange(Board.Events);
            Board = Board.Emptied();
            if (Board.Open.IsEmpty && Board.LeftBehind.IsEmpty) return true;
        }
        return false;
    }

    /// <summary>Makes the calls that are due now; false when the process died before one.</summary>
    public bool Step(int diesAt = int.MaxValue)
    {
        (Board, var calls) = Board.Plan(Told, Standings, PrepareTimeout, Now);
        foreach (var call in calls)
        {
            if (Calls.Count >= diesAt) return false;
            Calls.Add(call);
            Board = Board.Started(call, Told.NodeOf);
            Board = Board.Answered(call, Trouble(call) ?? Answer(call), Now, 0.5);
        }
        return true;
    }

    /// <summary>What EC2 answers to a question.</summary>
    public ObservedEc2 Look(Ec2Question question)
    {
        var all = ec2.Describe();
        return new ObservedEc2(
            question.NetworkInterfaceIds.ToImmutableSortedDictionary(
                eni => eni, eni => all.SecondaryAddresses.GetValueOrDefault(eni, []), StringComparer.Ordinal),
            question.AllocationIds.ToImmutableSortedDictionary(id => id, id => all.Associations.GetValueOrDefault(id), StringComparer.Ordinal));
    }

    private CallOutcome Answer(MoveCall call) =>
        ec2.Apply(call.Step) is { } refusal ? CallOutcome.From(ApiAction.Of(call.Step), "InvalidParameterValue", 400, refusal) : new CallOutcome.Done();
}
