namespace Vprox.Lab.Cloud;

/// <summary>Calls of an action fail with a code instead of being done.</summary>
public sealed record InjectedFault
{
    /// <summary>An EC2 action, or "*" for all.</summary>
    public string Action { get; init; } = "*";

    public string Code { get; init; } = "InternalError";

    public string Message { get; init; } = "An internal error has occurred";

    public int Status { get; init; } = 500;

    /// <summary>How many calls; it is gone after the last.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The share of calls it meets, 0..1; those it lets pass are not counted.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>True does what was asked and then still answers the error, as when an answer is lost on the way.</summary>
    public bool AfterEffect { get; init; }

    /// <summary>The API answers 503 to a share of calls, until faults are cleared.</summary>
    public static InjectedFault Unavailable(string action = "*", double rate = 1, int count = int.MaxValue) => new()
    {
        Action = action,
        Code = "ServiceUnavailable",
        Message = "The request has failed due to a temporary failure of the server.",
        Status = 503,
        Rate = rate,
        Count = count,
    };

    /// <summary>EC2 throttles a share of calls, until faults are cleared.</summary>
    public static InjectedFault Throttled(string action = "*", double rate = 1, int count = int.MaxValue) =>
        Unavailable(action, rate, count) with { Code = "RequestLimitExceeded", Message = "Request limit exceeded." };
}
