using System.Collections.Concurrent;
using System.Collections.Immutable;
using Vprox.Contracts;
using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Workers;

/// <summary>
/// What consumers and snapshots have told, and which addresses have changed. Consumers write, the loop of moves reads; it is woken by
/// everything that is news.
/// </summary>
public sealed class Fleet(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan ReleaseWait = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<(string Address, long Generation), TaskCompletionSource> releases = new();
    private readonly SemaphoreSlim news = new(0, 1);
    private readonly long started = time.GetTimestamp();
    private ImmutableSortedDictionary<string, NodeJoined> nodes = ImmutableSortedDictionary.Create<string, NodeJoined>(StringComparer.Ordinal);
    private ImmutableDictionary<string, bool> changed = ImmutableDictionary<string, bool>.Empty;

    /// <summary>Everything told so far.</summary>
    public FleetPicture Picture { get; private set; } = FleetPicture.Empty;

    /// <summary>Where every address shall be.</summary>
    public Placements Placements => Picture.Placements;

    /// <summary>The nodes that were heard of, by id.</summary>
    public ImmutableSortedDictionary<string, NodeJoined> Nodes
    {
        get { lock (gate) return nodes; }
    }

    /// <summary>Since the start of this process: the clock of all moves.</summary>
    public TimeSpan Now => time.GetElapsedTime(started);

    public void Place(StaticIpPlaced placed) => Change(all => all.Place(DesiredAddress.From(placed)), placed.Address);

    /// <summary>
    /// Takes a release and returns when EC2 has followed, or after a second. Until then the broker keeps the message: no snapshot names a
    /// released address, so a process that dies now must be told again.
    /// </summary>
    public async Task ReleaseAsync(StaticIpReleased released, CancellationToken cancellationToken)
    {
        var done = releases.GetOrAdd((released.Address, released.Generation), _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        Change(all => all.Release(released.Address, released.Generation), released.Address);
        if (Placements.Released.GetValueOrDefault(released.Address) == released.Generation)
            await Task.WhenAny(done.Task, Task.Delay(ReleaseWait, time, cancellationToken));
        releases.TryRemove((released.Address, released.Generation), out _);
    }

    /// <summary>Takes the Allocator's whole list and has every address of it looked at.</summary>
    /// <param name="snapshot">The list.</param>
    /// <param name="whenAsked">What was known when it was asked for.</param>
    /// <param name="upTo">The newest generation when its first page was read.</param>
    /// <param name="turn">The turn in which it was asked for; 0 while another replica acts.</param>
    public void Replace(IReadOnlyCollection<DesiredAddress> snapshot, Placements whenAsked, long upTo, int turn)
    {
        lock (gate)
        {
            var before = Placements;
            Picture = Picture with { Placements = before.Replace(snapshot, whenAsked, upTo), SnapshotTurn = turn };
            foreach (var address in before.Desired.Keys.Concat(Placements.Desired.Keys).Concat(Placements.Released.Keys).Distinct())
                if (!changed.ContainsKey(address)) changed = changed.Add(address, false);
        }
        Wake();
    }

    /// <summary>Learns of a node, its ENIs and what IMDS shows there.</summary>
    public void Know(NodeJoined node, bool isReport)
    {
        lock (gate) nodes = nodes.SetItem(node.NodeId, node);
        Learn(node.NodeId, node.NetworkInterfaces, isReport);
    }

    /// <summary>IMDS shows something else on a node.</summary>
    public void Report(NodeAddressesChanged report) => Learn(report.NodeId, report.NetworkInterfaces, isReport: true);

    /// <summary>A target has everything in place for an address.</summary>
    public void Prepared(StaticIpPrepared prepared) => Say(picture => picture with
    {
        Prepared = Newest(picture.Prepared, prepared.Address, new NodeWord(prepared.NodeId, prepared.Generation)),
    });

    /// <summary>A node answers on an address.</summary>
    public void Serving(StaticIpServing serving) => Say(picture => picture with
    {
        Serving = Newest(picture.Serving, serving.Address, new NodeWord(serving.NodeId, serving.Generation)),
    });

    public string? NodeOf(string networkInterfaceId) => Picture.NodeOf(networkInterfaceId);

    /// <summary>The addresses that have changed since the last call, true for those that a message told of.</summary>
    public (FleetPicture Picture, ImmutableDictionary<string, bool> Changed) Take()
    {
        lock (gate)
        {
            var taken = changed;
            changed = ImmutableDictionary<string, bool>.Empty;
            return (Picture, taken);
        }
    }

    /// <summary>Has everything looked at again.</summary>
    public void LookAgain()
    {
        lock (gate)
            foreach (var address in Placements.Desired.Keys.Concat(Placements.Released.Keys))
                if (!changed.ContainsKey(address)) changed = changed.Add(address, false);
    }

    /// <summary>EC2 has followed a release.</summary>
    public void Forget(string address, long generation)
    {
        lock (gate) Picture = Picture with { Placements = Placements.GaveBack(address, generation) };
        if (releases.TryRemove((address, generation), out var done)) done.TrySetResult();
    }

    /// <summary>Waits for news, at most so long.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => news.WaitAsync(atMost, cancellationToken);

    /// <summary>Wakes the loop of moves.</summary>
    public void Wake()
    {
        if (news.CurrentCount > 0) return;
        try
        {
            news.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else has just done so.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => news.Dispose();

    private void Learn(string nodeId, IReadOnlyList<NodeNetworkInterface> interfaces, bool isReport) => Say(picture => picture with
    {
        NodeOfInterface = picture.NodeOfInterface.SetItems(interfaces.Select(eni => KeyValuePair.Create(eni.NetworkInterfaceId, nodeId))),
        Reports = isReport
            ? picture.Reports.SetItem(nodeId, new ImdsReport(
                Now, [.. interfaces.SelectMany(eni => eni.SecondaryAddresses.Select(address => (eni.NetworkInterfaceId, address)))]))
            : picture.Reports,
    });

    private void Say(Func<FleetPicture, FleetPicture> change)
    {
        lock (gate) Picture = change(Picture);
        Wake();
    }

    private void Change(Func<Placements, Placements> change, string address)
    {
        lock (gate)
        {
            var next = change(Placements);
            if (ReferenceEquals(next, Placements)) return;
            Picture = Picture with { Placements = next };
            changed = changed.SetItem(address, true);
        }
        Wake();
    }

    private static ImmutableDictionary<string, NodeWord> Newest(ImmutableDictionary<string, NodeWord> words, string address, NodeWord word) =>
        words.TryGetValue(address, out var known) && known.Generation > word.Generation ? words : words.SetItem(address, word);
}
