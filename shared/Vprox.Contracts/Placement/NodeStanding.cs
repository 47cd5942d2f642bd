namespace Vprox.Contracts;

/// <summary>What the Allocator holds of a node by the verdicts and commands it was told. Part of <see cref="FleetSnapshot"/>.</summary>
public sealed record NodeStanding
{
    /// <summary>The node.</summary>
    public required string NodeId { get; init; }

    /// <summary>Declared dead, and not said to have recovered since.</summary>
    public required bool Unhealthy { get; init; }

    /// <summary>Its addresses are being moved away while it is alive.</summary>
    public required bool Draining { get; init; }

    /// <summary>It takes no new placements.</summary>
    public required bool Cordoned { get; init; }
}
