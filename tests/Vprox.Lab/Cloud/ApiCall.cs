namespace Vprox.Lab.Cloud;

/// <summary>One line of the call log.</summary>
/// <param name="At">When it arrived.</param>
/// <param name="Action">The API's name.</param>
/// <param name="Outcome">"ok" or the error code.</param>
/// <param name="Parameters">What was asked, without credentials.</param>
public sealed record ApiCall(DateTimeOffset At, string Action, string Outcome, IReadOnlyDictionary<string, string> Parameters);
