using Vprox.Contracts;
using Vprox.Failover.Core.Drift;
using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Workers;

/// <summary>Looks at EC2: soon after calls, to confirm them, and over everything on a timer, to find drift.</summary>
public sealed partial class MoveLoop
{
    // Reads lag writes by a second or two: often at first, then less.
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastLook = TimeSpan.FromSeconds(1);

    private DriftWatch drift = DriftWatch.Empty;
    private TimeSpan nextLook;
    private TimeSpan lookWait = FirstLook;
    private TimeSpan nextSweep;
    private bool isLooking;
    private bool isSweeping;

    private void LookSoon(TimeSpan wait)
    {
        lookWait = FirstLook;
        if (nextLook > Now + wait) nextLook = Now + wait;
    }

    private void ForgetLooks() => (drift, nextLook, nextSweep, lookWait) = (DriftWatch.Empty, TimeSpan.Zero, TimeSpan.Zero, FirstLook);

    private void Look(FleetPicture told, CancellationToken cancellationToken)
    {
        if (isLooking || board.Open.IsEmpty || Now < nextLook) return;
        var question = board.Looks(told);
        if (question.IsEmpty) return;
        isLooking = true;
        _ = AskAsync(question, seen: (seen, begun) => board = board.Observed(question, seen, begun, Now, options.ConfirmTimeout), ended: () =>
        {
            isLooking = false;
            nextLook = Now + lookWait;
            lookWait = lookWait * 2 < LastLook ? lookWait * 2 : LastLook;
        }, cancellationToken);
    }

    private void Sweep(FleetPicture told, CancellationToken cancellationToken)
    {
        if (isSweeping || Now < nextSweep) return;
        var placements = board.Placements;
        var question = Ec2Question.About(
            placements.Desired.Values.Select(placed => placed.AllocationId),
            [],
            told.NodeOfInterface.Keys.Concat(placements.Desired.Values.Select(placed => placed.NetworkInterfaceId)));
        if (question.IsEmpty) return;
        isSweeping = true;
        _ = AskAsync(question, seen: (seen, begun) => Compare(question, seen, begun), ended: () =>
        {
            isSweeping = false;
            // A second look settles whether a first one was only stale; both fit into the 10 s in which drift is to be found.
            nextSweep = Now + (drift.IsSuspicious ? options.DriftInterval / 2 : options.DriftInterval);
        }, cancellationToken);
    }

    private void Compare(Ec2Question question, ObservedEc2 seen, TimeSpan begun)
    {
        (drift, var findings) = drift.Look(seen, begun, board, fleet.Picture, fleet.Picture.SnapshotTurn == turn);
        board = board.Observed(question, seen, begun, Now, options.ConfirmTimeout)
            .Reopen(findings.Where(finding => finding.Repaired).Select(finding => finding.Address).OfType<string>());
        foreach (var finding in findings)
        {
            meter.Drifted(finding.Repaired);
            if (finding.Repaired) logger.DriftRepaired(finding.Found);
            else logger.DriftReported(finding.Found);
            announcer.Say(new PlacementDrifted { Address = finding.Address, Found = finding.Found, Repaired = finding.Repaired, At = time.GetUtcNow() });
        }
        if (findings.Count > 0) LookSoon(TimeSpan.Zero);
    }

    private async Task AskAsync(Ec2Question question, Action<ObservedEc2, TimeSpan> seen, Action ended, CancellationToken cancellationToken)
    {
        var (begun, asked) = (Now, turn);
        ObservedEc2? answer = null;
        try
        {
            answer = await Task.Run(() => ec2.DescribeAsync(question, cancellationToken), cancellationToken);
        }
        catch (Exception failed) when (!cancellationToken.IsCancellationRequested)
        {
            logger.DescribeFailed(failed.Message);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        Report(() =>
        {
            if (answer is not null && asked == turn) seen(answer, begun);
            ended();
        });
    }
}
