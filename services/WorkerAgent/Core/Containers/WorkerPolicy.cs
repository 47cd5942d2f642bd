namespace Vprox.WorkerAgent.Core;

/// <summary>The times and bounds the state machine goes by.</summary>
public sealed record WorkerPolicy
{
    /// <summary>This worker.</summary>
    public required string WorkerId { get; init; }

    /// <summary>How long a container waits for its path before it is refused.</summary>
    public TimeSpan RouteTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a tunnel without containers is kept.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stop cancels a start that comes after it.</summary>
    public TimeSpan TombstoneLife { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many stops are remembered.</summary>
    public int TombstoneLimit { get; init; } = 4096;

    /// <summary>True keeps one interface ready for the next tunnel: where making one is the start of a process, a container would wait for it.</summary>
    public bool Spare { get; init; }

    /// <summary>What is closed whoever is behind it.</summary>
    public Guard Guard { get; init; } = new();
}
