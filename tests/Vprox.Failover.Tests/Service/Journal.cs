using System.Collections.Concurrent;
using Vprox.Contracts;

namespace Vprox.Failover.Tests.Service;

/// <summary>What the rest of the system holds and has heard.</summary>
public sealed class Journal
{
    public ConcurrentDictionary<string, StaticIpPlaced> Placements { get; } = new();

    /// <summary>The nodes as the Allocator's snapshot has them.</summary>
    public IReadOnlyList<NodeJoined> Nodes { get; set; } = [];

    /// <summary>The newest generation that the Allocator knows of, for its snapshots.</summary>
    public long UpTo { get; set; }

    /// <summary>False while the Allocator is away.</summary>
    public bool Answers { get; set; } = true;

    /// <summary>Requests for a snapshot.</summary>
    public int Asked { get; set; }

    public IReadOnlyList<NodeStanding> Standings { get; set; } = [];

    public ConcurrentQueue<object> Heard { get; } = new();

    /// <summary>Waits for a message with a deadline generous enough for a busy machine.</summary>
    public async Task<T> NextAsync<T>(Func<T, bool> match) where T : class
    {
        T? found = null;
        await UntilAsync(() => (found = Heard.OfType<T>().FirstOrDefault(match)) is not null, $"a {typeof(T).Name}");
        return found!;
    }

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!condition())
        {
            try
            {
                await tick.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Not within 30 s: {what}");
            }
        }
    }
}
