using Vprox.Failover.Core.Calls;

namespace Vprox.Failover.Workers;

/// <summary>The API's budget, shared by all that call EC2.</summary>
public sealed class ApiGate(FailoverOptions options, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly long started = time.GetTimestamp();
    private ApiBudget budget = ApiBudget.Full(options.ApiShare);

    /// <summary>True when so many calls of an action may be made now.</summary>
    public bool TryTake(string action, int calls = 1)
    {
        lock (gate)
        {
            var taken = budget;
            for (var call = 0; call < calls; call++)
            {
                if (taken.Take(action, Now) is not { } next) return false;
                taken = next;
            }
            budget = taken;
            return true;
        }
    }

    /// <summary>EC2 has throttled a call of an action.</summary>
    public void Throttled(string action)
    {
        lock (gate) budget = budget.Throttled(action, Now);
    }

    private TimeSpan Now => time.GetElapsedTime(started);
}
