namespace Vprox.Scenarios.Drills;

/// <summary>How many flows a scenario opens, all containers together.</summary>
public sealed record FlowCounts(int Echo, int Push, int Udp)
{
    /// <summary>What the figures are measured with.</summary>
    public static FlowCounts Full { get; } = new(100, 100, 20);

    /// <summary>Enough to see whether every kind survives.</summary>
    public static FlowCounts Few { get; } = new(16, 16, 8);

    /// <summary>For scenarios that are not about traffic.</summary>
    public static FlowCounts None { get; } = new(0, 0, 0);

    public int Total => Echo + Push + Udp;
}
