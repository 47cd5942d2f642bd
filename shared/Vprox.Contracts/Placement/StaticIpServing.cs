namespace Vprox.Contracts;

/// <summary>The node answers on the address. NodeAgent → Allocator, exchange <c>vprox.static-ip-serving</c>.</summary>
public sealed record StaticIpServing
{
    /// <summary>The public address.</summary>
    public required string Address { get; init; }

    /// <summary>The node that serves it.</summary>
    public required string NodeId { get; init; }

    /// <summary>The generation it serves.</summary>
    public required long Generation { get; init; }
}
