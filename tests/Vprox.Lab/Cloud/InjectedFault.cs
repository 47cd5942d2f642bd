namespace Vprox.Lab.Cloud;

/// <summary>The next calls of an action fail with a code instead of being done.</summary>
public sealed record InjectedFault
{
    /// <summary>An EC2 action, or "*" for all.</summary>
    public string Action { get; init; } = "*";

    public string Code { get; init; } = "InternalError";

    public string Message { get; init; } = "An internal error has occurred";

    public int Status { get; init; } = 500;

    /// <summary>How many calls; it is gone after the last.</summary>
    public int Count { get; init; } = 1;

    /// <summary>True does what was asked and then still answers the error, as when an answer is lost on the way.</summary>
    public bool AfterEffect { get; init; }
}
