namespace Vprox.Contracts;

/// <summary>
/// A container must leave with its proxy's address. The scheduler starts the container's process after <see cref="ContainerRouted"/>.
/// Scheduler → WorkerAgent, exchange <c>vprox.container-started</c> (direct), routing key = worker id.
/// </summary>
public sealed record ContainerStarted
{
    /// <summary>Unique per start of a container; 1..128 characters of A-Z a-z 0-9 . _ : -</summary>
    public required string ContainerId { get; init; }

    /// <summary>The container's IPv4 address on the worker.</summary>
    public required string ContainerIp { get; init; }

    /// <summary>The proxy whose address it leaves with.</summary>
    public required string ProxyId { get; init; }

    /// <summary>The container's workspace. When given, the proxy must belong to it; null trusts the scheduler.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>The worker it is meant for. When given, another worker refuses it; null trusts the routing key.</summary>
    public string? WorkerId { get; init; }
}
