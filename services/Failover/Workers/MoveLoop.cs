using System.Threading.Channels;
using Vprox.Contracts;
using Vprox.Failover.Core.Calls;
using Vprox.Failover.Core.Liveness;
using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Workers;

/// <summary>
/// Keeps EC2 as the Allocator placed it. One loop owns the board of moves; calls run beside it, as many as the API's budget allows, and
/// report back, so that nothing waits for anything it does not depend on.
/// </summary>
public sealed partial class MoveLoop(
    Fleet fleet, Ec2Caller ec2, ApiGate gate, ActiveReplica replica, INodeStandings standings, Announcer announcer, MoveMeter meter,
    FailoverOptions options, TimeProvider time, ILogger<MoveLoop> logger) : BackgroundService
{
    // Back-offs, gathering and looks are due to this precision while anything is under way.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan IdleTick = TimeSpan.FromMilliseconds(250);

    private readonly Channel<Action> answers = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private MoveBoard board = MoveBoard.Empty;
    private int turn;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await fleet.WaitAsync(board.Open.IsEmpty ? IdleTick : Tick, stoppingToken);
                Step(stoppingToken);
            }
            catch (Exception failed) when (!stoppingToken.IsCancellationRequested)
            {
                // What was under way is found again from the snapshot and from EC2.
                logger.PassFailed(failed.ToString());
                board = MoveBoard.Empty;
                fleet.LookAgain();
                await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken);
            }
        }
    }

    private TimeSpan Now => fleet.Now;

    private void Step(CancellationToken cancellationToken)
    {
        if (replica.Turns is var turns && turns != turn) BeginTurn(turns);
        while (answers.Reader.TryRead(out var answer)) answer();
        // A message alone cannot say whether it comes late: what it places may be over, and its private address another's by now. What was told
        // meanwhile waits in the fleet.
        if (fleet.Placements.UpTo is null) return;
        var (told, changed) = fleet.Take();
        // Before the first turn there is nothing of this replica's to do; what another one does is not followed.
        if (turn == 0 || (told.SnapshotTurn != turn && !changed.ContainsValue(true) && board.Moves.IsEmpty)) return;
        if (told.SnapshotTurn != turn) changed = changed.RemoveRange(changed.Where(pair => !pair.Value).Select(pair => pair.Key));
        board = board.Follow(told.Placements, changed, Now).Witnessed(told, Now);
        if (!changed.IsEmpty) LookSoon(TimeSpan.Zero);
        if (replica.IsActive)
        {
            Call(told, cancellationToken);
            Look(told, cancellationToken);
            Sweep(told, cancellationToken);
        }
        Tell();
        meter.Open(board.Open.Count);
    }

    private void BeginTurn(int turns)
    {
        turn = turns;
        board = board.Doubted();
        ForgetLooks();
    }

    private void Call(FleetPicture told, CancellationToken cancellationToken)
    {
        (board, var calls) = board.Plan(told, standings.Of, options.PrepareTimeout, Now);
        // One empty bucket keeps only its own action back; the most important goes first when it has a token again.
        var empty = new HashSet<string>();
        var begun = new List<AddressMove>();
        var made = 0;
        foreach (var call in calls)
        {
            var action = ApiAction.Of(call.Step);
            if (empty.Contains(action)) continue;
            if (!gate.TryTake(action))
            {
                empty.Add(action);
                continue;
            }
            begun.AddRange(call.Generations.Keys.Select(address => board.Moves[address]).Where(move => move is { IsNews: true, Begun: null }));
            made++;
            board = board.Started(call, told.NodeOf);
            _ = RunAsync(call, cancellationToken);
        }
        if (begun.Count > 0)
            logger.MovesBegun(begun.Count, made, (Now - begun.Min(move => move.Since)).TotalMilliseconds);
    }

    private async Task RunAsync(MoveCall call, CancellationToken cancellationToken)
    {
        CallOutcome outcome;
        try
        {
            // The SDK signs and connects before it first yields; the other calls shall not wait for that.
            outcome = await Task.Run(() => ec2.ApplyAsync(call.Step, cancellationToken), cancellationToken);
        }
        catch (Exception failed) when (!cancellationToken.IsCancellationRequested)
        {
            outcome = new CallOutcome.Refused(Refusal.Unavailable, failed.Message);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        Report(() =>
        {
            board = board.Answered(call, outcome, Now, Random.Shared.NextDouble());
            LookSoon(FirstLook);
        });
    }

    private void Report(Action answer)
    {
        answers.Writer.TryWrite(answer);
        fleet.Wake();
    }

    private void Tell()
    {
        foreach (var happened in board.Events)
        {
            switch (happened)
            {
                case MoveEvent.Arrived(var move, var witness):
                    meter.Moved(Now - move.Since, witness);
                    logger.AddressMoved(
                        move.Address, move.FromNodeId, move.Desired!.NodeId, move.Generation, (Now - move.Since).TotalMilliseconds, witness,
                        string.Join(", ", move.StepsMs.Select(step => $"{step.Key} {step.Value} ms")));
                    announcer.Say(new IpReassigned
                    {
                        Address = move.Address,
                        FromNodeId = move.FromNodeId,
                        ToNodeId = move.Desired.NodeId,
                        Generation = move.Generation,
                        StepsMs = move.StepsMs,
                    });
                    break;
                case MoveEvent.GivenBack(var address, var generation):
                    logger.AddressReleased(address, generation);
                    fleet.Forget(address, generation);
                    break;
            }
        }
        board = board.Emptied();
    }
}
