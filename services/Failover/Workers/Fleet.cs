using System.Collections.Immutable;
using Vprox.Contracts;
using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Workers;

/// <summary>
/// What consumers and snapshots have told, and which addresses need a look. Consumers write, the reconciler reads; it is woken by every
/// change that is news.
/// </summary>
public sealed class Fleet : IDisposable
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim news = new(0, 1);
    private ImmutableSortedDictionary<string, string> nodeByInterface = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private ImmutableHashSet<string> pending = [];

    public Placements Placements { get; private set; } = Placements.Empty;

    public void Place(StaticIpPlaced placed) => Change(all => all.Place(DesiredAddress.From(placed)), placed.Address);

    public void Release(StaticIpReleased released) => Change(all => all.Release(released.Address, released.Generation), released.Address);

    /// <summary>Takes the Allocator's whole list and has every address of it looked at.</summary>
    public void Replace(IReadOnlyCollection<DesiredAddress> snapshot, Placements whenAsked)
    {
        lock (gate)
        {
            Placements = Placements.Replace(snapshot, whenAsked);
            pending = pending.Union(Placements.Desired.Keys).Union(Placements.Released.Keys);
        }
    }

    /// <summary>Learns which node an ENI belongs to.</summary>
    public void Know(NodeJoined node)
    {
        lock (gate)
            nodeByInterface = nodeByInterface.SetItems(node.NetworkInterfaces.Select(eni => KeyValuePair.Create(eni.NetworkInterfaceId, node.NodeId)));
    }

    public string? NodeOf(string networkInterfaceId)
    {
        lock (gate) return nodeByInterface.GetValueOrDefault(networkInterfaceId);
    }

    /// <summary>The addresses to look at now, with what is known; they are looked at again only after <see cref="Again"/> or news.</summary>
    public (Placements Placements, ImmutableHashSet<string> Addresses) Take()
    {
        lock (gate)
        {
            var taken = pending;
            pending = [];
            return (Placements, taken);
        }
    }

    /// <summary>Puts addresses back whose move is not confirmed.</summary>
    public void Again(IEnumerable<string> addresses)
    {
        lock (gate) pending = pending.Union(addresses);
    }

    /// <summary>EC2 has followed a release.</summary>
    public void Forget(string address, long generation)
    {
        lock (gate)
        {
            if (Placements.Released.GetValueOrDefault(address) == generation)
                Placements = Placements with { Released = Placements.Released.Remove(address) };
        }
    }

    /// <summary>Waits for news, at most so long; true when there are some.</summary>
    public Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => news.WaitAsync(atMost, cancellationToken);

    /// <summary>Wakes the reconciler.</summary>
    public void Wake()
    {
        try
        {
            news.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is to be woken already.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => news.Dispose();

    private void Change(Func<Placements, Placements> change, string address)
    {
        lock (gate)
        {
            var changed = change(Placements);
            if (ReferenceEquals(changed, Placements)) return;
            Placements = changed;
            pending = pending.Add(address);
        }
        Wake();
    }
}
