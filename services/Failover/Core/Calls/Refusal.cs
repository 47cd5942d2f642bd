namespace Vprox.Failover.Core.Calls;

/// <summary>What EC2's refusal of a call means for what is done next.</summary>
public enum Refusal
{
    /// <summary>RequestLimitExceeded and the like: the action's bucket is empty.</summary>
    Throttled,

    /// <summary>5xx, a time-out, no connection: it may have been done or not. Every step is idempotent, so it is done again.</summary>
    Unavailable,

    /// <summary>Something does not exist: right after it was written that clears within about 2 s.</summary>
    NotFound,

    /// <summary>The call as it is will never be taken: one bad address of a list, an ENI that is full, a primary address.</summary>
    Rejected,
}
