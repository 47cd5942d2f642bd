namespace Vprox.Scenarios.Drills;

/// <summary>What a person may set, for the scenarios that ask for it.</summary>
public sealed record DrillSettings
{
    /// <summary>How long the scenario soak goes on.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long everything but the data path is away in static-stability.</summary>
    public TimeSpan Outage { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Chooses the moments and victims of soak: the same number, the same choices.</summary>
    public int Seed { get; init; } = Random.Shared.Next();

    /// <summary>Keeps the logs of every run, not only of one that failed.</summary>
    public bool KeepLogs { get; init; }
}
