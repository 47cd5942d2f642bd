namespace Vprox.WorkerAgent.Core;

/// <summary>The numbers by which a tunnel asks for blocks and gives them back.</summary>
public sealed record PortPolicy
{
    /// <summary>More blocks are wanted when the busiest destination would use more than this share of the ports. conntrack looks for a free port in some
    /// 240 places at most (get_unique_tuple, nf_nat_core.c), so the last ones are hard to find.</summary>
    public double GrowAbove { get; init; } = 0.5;

    /// <summary>Blocks are given back when what is left would be used by no more than this share: far from growing again.</summary>
    public double KeepAt { get; init; } = 0.25;

    /// <summary>How far ahead the rate of new connections is reckoned: what a grant takes, and some.</summary>
    public TimeSpan Horizon { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>One step makes no more than this many of one block: a burst of a moment does not take the whole address.</summary>
    public int LargestStep { get; init; } = 4;

    /// <summary>Blocks that are never given back.</summary>
    public int Fewest { get; init; } = 2;

    /// <summary>How long blocks must be without need before they are given back.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the last connection of a block must be gone before the block is.</summary>
    public TimeSpan DrainedFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A block that is fuller than this takes no new connection while others are emptier.</summary>
    public double RestAbove { get; init; } = 0.6;

    /// <summary>It takes them again below this.</summary>
    public double WakeBelow { get; init; } = 0.3;
}
