namespace Vprox.Contracts;

/// <summary>
/// The container's path is proven: a WireGuard handshake happened and its rule is in the kernel. WorkerAgent → scheduler, exchange
/// <c>vprox.container-routed</c>.
/// </summary>
public sealed record ContainerRouted
{
    /// <summary>The container.</summary>
    public required string ContainerId { get; init; }

    /// <summary>The worker.</summary>
    public required string WorkerId { get; init; }

    /// <summary>The proxy.</summary>
    public required string ProxyId { get; init; }

    /// <summary>The static address the container now leaves with.</summary>
    public required string Address { get; init; }

    /// <summary>Milliseconds from the event's arrival.</summary>
    public required double TookMs { get; init; }
}
