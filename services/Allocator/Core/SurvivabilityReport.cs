namespace Vprox.Allocator.Core;

/// <summary>Whether any one node of a region may die.</summary>
public sealed record SurvivabilityReport
{
    /// <summary>Each node that lives and has addresses, by id.</summary>
    public required IReadOnlyList<NodeSurvivability> Nodes { get; init; }

    /// <summary>Each subnet that takes addresses, by id.</summary>
    public required IReadOnlyList<SubnetRoom> Subnets { get; init; }

    public bool Holds => Nodes.All(node => node.Holds);
}

/// <summary>What would happen if this node died now.</summary>
public sealed record NodeSurvivability
{
    public required string NodeId { get; init; }

    public required int Addresses { get; init; }

    public required DeathRisk Risk { get; init; }

    /// <summary>The fewest AssignPrivateIpAddresses that would move what stays in its subnet.</summary>
    public required int AssignCalls { get; init; }

    /// <summary>Why it may not die and what a person can do; null when it may.</summary>
    public required string? Reason { get; init; }

    public bool Holds => Reason is null;
}

/// <summary>What a subnet can still take.</summary>
/// <param name="SubnetId">EC2's id.</param>
/// <param name="FreeSeats">Secondary addresses that the ENIs of nodes that take placements have room for.</param>
/// <param name="FreePrivateAddresses">Private addresses of the reserved range that nobody has; one that moves within the subnet needs none.</param>
public sealed record SubnetRoom(string SubnetId, int FreeSeats, int FreePrivateAddresses);
