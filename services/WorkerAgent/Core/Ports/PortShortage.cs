namespace Vprox.WorkerAgent.Core;

/// <summary>
/// Whether a tunnel runs out of ports. The packet that finds no free port is dropped without a word to its sender; the kernel only counts it, for
/// all of the host. Together with a tunnel whose ports are nearly all in use, that count says whose it was.
/// </summary>
public sealed record PortShortage
{
    private const double Short = 0.9;
    private const double ShortWithDrops = 0.75;
    private static readonly TimeSpan Repeat = TimeSpan.FromSeconds(30);

    /// <summary>How long it must be well to be over.</summary>
    private static readonly TimeSpan OverAfter = TimeSpan.FromSeconds(10);

    /// <summary>No shortage.</summary>
    public static PortShortage None { get; } = new();

    /// <summary>True while it lasts.</summary>
    public bool IsShort { get; init; }

    /// <summary>Packets dropped since it began.</summary>
    public long Dropped { get; init; }

    /// <summary>When it was last seen.</summary>
    public DateTimeOffset SeenAt { get; init; }

    /// <summary>When it was last said.</summary>
    public DateTimeOffset SaidAt { get; init; }

    /// <summary>The shortage after a look, and what is to be said of it.</summary>
    /// <param name="load">What was seen.</param>
    /// <param name="blocks">The blocks that take new connections.</param>
    /// <param name="dropped">Packets dropped on the host since the look before.</param>
    /// <param name="now">The time.</param>
    public (PortShortage Shortage, PortNews News) After(PortLoad load, IReadOnlyList<InnerBlock> blocks, long dropped, DateTimeOffset now)
    {
        var nearlyFull = blocks.Count > 0 && load.Used >= Short * blocks.Sum(block => block.Ports.Count);
        var droppedHere = dropped > 0 && blocks.Any(block => load.Fullest.GetValueOrDefault(block.Address) >= ShortWithDrops * block.Ports.Count);
        if (!nearlyFull && !droppedHere)
        {
            return !IsShort ? (this, PortNews.Nothing)
                : now - SeenAt < OverAfter ? (this, PortNews.Nothing)
                : (None, PortNews.Over);
        }
        var shortage = this with { IsShort = true, SeenAt = now, Dropped = (IsShort ? Dropped : 0) + (droppedHere ? dropped : 0) };
        return IsShort && now - SaidAt < Repeat ? (shortage, PortNews.Nothing) : (shortage with { SaidAt = now }, PortNews.TooFew);
    }
}

/// <summary>What is to be said of a shortage.</summary>
public enum PortNews
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>It began, or lasts.</summary>
    TooFew,

    /// <summary>It is over.</summary>
    Over,
}
