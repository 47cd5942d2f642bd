namespace Vprox.Scenarios.Results;

/// <summary>One run of a scenario.</summary>
public sealed record RunResult
{
    public required Timeline Steps { get; init; }

    public required FlowOutcome Echo { get; init; }

    public required FlowOutcome Push { get; init; }

    public required FlowOutcome Udp { get; init; }

    /// <summary>Packets that reached the internet with another source than their static address.</summary>
    public required long WrongSourcePackets { get; init; }

    /// <summary>What should have held and did not; nothing when the run passed.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];

    /// <summary>Figures of this scenario alone, by name, e.g. "EC2 calls".</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>();

    /// <summary>Where the logs of a run that failed were kept.</summary>
    public string? Logs { get; init; }

    public bool Passed => Failures.Count == 0;

    public int Flows => Echo.Total + Push.Total + Udp.Total;

    public int Survivors => Echo.Survived + Push.Survived + Udp.Survived;

    /// <summary>A run that did not get as far as its figures.</summary>
    public static RunResult Failed(string why, string? logs) => new()
    {
        Steps = new Timeline(),
        Echo = FlowOutcome.None,
        Push = FlowOutcome.None,
        Udp = FlowOutcome.None,
        WrongSourcePackets = 0,
        Failures = [why],
        Logs = logs,
    };
}

/// <summary>All runs of a scenario.</summary>
public sealed record ScenarioResult(string Name, IReadOnlyList<RunResult> Runs);
