namespace Vprox.Lab.Cloud;

/// <summary>One line of the call log.</summary>
/// <param name="Arrived">When the request was there.</param>
/// <param name="Answered">When the answer left; the log is in this order.</param>
/// <param name="Action">The API's name.</param>
/// <param name="Outcome">"ok" or the error code.</param>
/// <param name="Parameters">What was asked, without credentials.</param>
public sealed record ApiCall(
    Moment Arrived, Moment Answered, string Action, string Outcome, IReadOnlyDictionary<string, string> Parameters);
