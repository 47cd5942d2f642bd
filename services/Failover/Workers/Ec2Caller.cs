using Vprox.Failover.Adapters;
using Vprox.Failover.Core.Calls;
using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Workers;

/// <summary>
/// Calls EC2 so that one slow answer does not decide how long a move takes: a call that hangs is made a second time, which every call here
/// allows, and the first good answer counts. Counts and logs what is called.
/// </summary>
public sealed class Ec2Caller(IEc2 ec2, ApiGate gate, MoveMeter meter, FailoverOptions options, TimeProvider time, ILogger<Ec2Caller> logger)
{
    // As many ids as one filter takes.
    private const int IdsPerCall = 200;

    /// <summary>Makes a call whose token was taken already.</summary>
    public async Task<CallOutcome> ApplyAsync(MoveStep step, CancellationToken cancellationToken)
    {
        var action = ApiAction.Of(step);
        var started = time.GetTimestamp();
        var outcome = await HedgedAsync(
            action, token => ec2.ApplyAsync(step, token), outcome => outcome is CallOutcome.Done, cancellationToken);
        var took = time.GetElapsedTime(started).TotalMilliseconds;
        if (outcome is CallOutcome.Refused refused)
        {
            if (refused.Why == Refusal.Throttled) gate.Throttled(action);
            meter.Called(action, refused.Why.ToString());
            logger.StepRefused(Describe(step), took, refused.Said);
        }
        else
        {
            meter.Called(action, "Done");
            logger.StepDone(Describe(step), took);
        }
        return outcome;
    }

    /// <summary>Reads EC2; null when it did not answer or the budget has no room for it now.</summary>
    public async Task<ObservedEc2?> DescribeAsync(Ec2Question question, CancellationToken cancellationToken)
    {
        var pages = (question.NetworkInterfaceIds.Count + IdsPerCall - 1) / IdsPerCall;
        if (!gate.TryTake(ApiAction.DescribeAddresses) || (pages > 0 && !gate.TryTake(ApiAction.DescribeNetworkInterfaces, pages))) return null;
        try
        {
            var seen = await HedgedAsync(ApiAction.DescribeAddresses, token => ec2.DescribeAsync(question, token), _ => true, cancellationToken);
            meter.Called(ApiAction.DescribeAddresses, "Done");
            return seen;
        }
        catch (Ec2UnavailableException away)
        {
            meter.Called(ApiAction.DescribeAddresses, "Refused");
            logger.DescribeFailed(away.Message);
            return null;
        }
    }

    private async Task<T> HedgedAsync<T>(string action, Func<CancellationToken, Task<T>> call, Func<T, bool> isGood, CancellationToken cancellationToken)
    {
        using var losers = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var first = call(losers.Token);
            await Task.WhenAny(first, Task.Delay(options.HedgeAfter, time, losers.Token));
            if (first.IsCompleted || !gate.TryTake(action)) return await first;
            logger.CallHedged(action, options.HedgeAfter.TotalMilliseconds);
            var second = call(losers.Token);
            var winner = await Task.WhenAny(first, second);
            var other = winner == first ? second : first;
            return winner.IsCompletedSuccessfully && isGood(await winner) ? await winner : await other;
        }
        finally
        {
            await losers.CancelAsync();
        }
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
