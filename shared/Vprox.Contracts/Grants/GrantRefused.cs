namespace Vprox.Contracts;

/// <summary>No grant. Allocator → WorkerAgent.</summary>
public sealed record GrantRefused
{
    /// <summary>One of <see cref="ContainerRefusedCode"/>.</summary>
    public required string Code { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Reason { get; init; }
}
