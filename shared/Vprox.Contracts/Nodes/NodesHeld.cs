namespace Vprox.Contracts;

/// <summary>
/// So many nodes seem dead at once that the fault is likelier ours: nothing is moved until an operator (<see cref="FailNode"/>) or EC2's
/// own word decides about each. Failover → operators, exchange <c>vprox.nodes-held</c>.
/// </summary>
public sealed record NodesHeld
{
    /// <summary>The nodes that would have been declared dead.</summary>
    public required IReadOnlyList<string> NodeIds { get; init; }

    /// <summary>What it rests on, one sentence each.</summary>
    public required IReadOnlyList<string> Evidence { get; init; }

    /// <summary>When it was decided.</summary>
    public required DateTimeOffset At { get; init; }
}
