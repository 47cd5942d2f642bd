namespace Vprox.Contracts;

/// <summary>EC2 has confirmed that the address is on its node. Failover → all, exchange <c>vprox.ip-reassigned</c>.</summary>
public sealed record IpReassigned
{
    /// <summary>The public address.</summary>
    public required string Address { get; init; }

    /// <summary>Where it was; null at its first placement.</summary>
    public string? FromNodeId { get; init; }

    /// <summary>Where it is.</summary>
    public required string ToNodeId { get; init; }

    /// <summary>The placement that this carried out.</summary>
    public required long Generation { get; init; }

    /// <summary>
    /// How long each step of Failover's took, in milliseconds: "wait" (for the target to be prepared, in a drain), "describe", "assign",
    /// "associate", "disassociate", "unassign", "confirm". A step that was not needed is absent.
    /// </summary>
    public required IReadOnlyDictionary<string, double> StepsMs { get; init; }
}
