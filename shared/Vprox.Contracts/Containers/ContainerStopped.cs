namespace Vprox.Contracts;

/// <summary>
/// A container is gone. A stop that arrives before its start cancels it. Scheduler → WorkerAgent, exchange
/// <c>vprox.container-stopped</c> (direct), routing key = worker id.
/// </summary>
public sealed record ContainerStopped
{
    /// <summary>The id of its start.</summary>
    public required string ContainerId { get; init; }
}
