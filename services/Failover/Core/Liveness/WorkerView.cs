using System.Collections.Immutable;

namespace Vprox.Failover.Core.Liveness;

/// <summary>A worker's view of the static addresses it uses.</summary>
/// <param name="Losses">By address.</param>
/// <param name="Carrying">The addresses whose tunnels carried when it last said so.</param>
/// <param name="Spoke">When it said so, by its own clock.</param>
/// <param name="Heard">When we last heard it.</param>
/// <param name="BackSince">When it had a first tunnel again after it had none at all; null when it has none, <see cref="TimeSpan.MinValue"/> when it always had one.</param>
public sealed record WorkerView(
    ImmutableSortedDictionary<string, WorkerLoss> Losses, ImmutableSortedSet<string> Carrying, DateTimeOffset Spoke, TimeSpan Heard, TimeSpan? BackSince)
{
    /// <summary>It has said nothing.</summary>
    public static WorkerView Empty { get; } = new(
        ImmutableSortedDictionary<string, WorkerLoss>.Empty.WithComparers(StringComparer.Ordinal),
        ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal), DateTimeOffset.MinValue, TimeSpan.Zero, TimeSpan.MinValue);

    /// <summary>Takes a report; what it said later about an address stands against it.</summary>
    public WorkerView Take(
        bool lost, ImmutableSortedSet<string> addresses, ImmutableSortedSet<string> carrying, DateTimeOffset at, Func<string, string?> accountable,
        TimeSpan now, LivenessPolicy policy)
    {
        var losses = Losses.ToBuilder();
        foreach (var address in addresses)
        {
            var known = losses.GetValueOrDefault(address);
            if (known is null ? losses.Count >= policy.MostAddresses : known.At > at) continue;
            losses[address] = lost && known is { Lost: true }
                ? known with { At = at, Renewed = now }
                : new WorkerLoss(lost, at, now, now, accountable(address));
        }
        var view = this with { Losses = losses.ToImmutable(), Heard = now };
        if (at >= Spoke) view = view with { Carrying = carrying, Spoke = at };
        return view with { BackSince = view.Carries ? BackSince ?? now : null };
    }

    /// <summary>Drops what was not said again.</summary>
    public WorkerView Expire(TimeSpan now, LivenessPolicy policy)
    {
        var old = Losses.Where(loss => now - loss.Value.Renewed >= policy.ReportLife).Select(loss => loss.Key).ToList();
        return old.Count == 0 ? this : this with { Losses = Losses.RemoveRange(old) };
    }

    /// <summary>
    /// The nodes it can say something against: those of whose addresses it has lost all it has. A worker that has lost everything
    /// everywhere says nothing: the fault is likelier its own.
    /// </summary>
    public IEnumerable<(string NodeId, Witness Witness)> Speak(string workerId, ImmutableSortedDictionary<string, AddressHolder> holders, LivenessPolicy policy)
    {
        if (Losses.IsEmpty) return [];
        var reached = Reaches(holders).ToHashSet();
        var lostOn = Losses.Where(loss => loss.Value.Lost && holders.ContainsKey(loss.Key)).ToLookup(loss => holders[loss.Key].NodeId);
        return lostOn.Where(_ => reached.Count > 0 || lostOn.Count == 1).Where(node => !reached.Contains(node.Key))
            .Select(node => (node.Key, Lost: node.Where(loss => loss.Value.NodeId == node.Key).ToList()))
            .Where(node => node.Lost.Count > 0)
            .Select(node => (node.Key, new Witness(workerId, node.Lost.Count, node.Lost.Max(loss => Since(loss.Value, policy)), Sound: reached.Count > 0)));
    }

    /// <summary>The nodes of the addresses whose tunnels carry.</summary>
    public IEnumerable<string> Reaches(ImmutableSortedDictionary<string, AddressHolder> holders) => Working
        .Select(address => holders.GetValueOrDefault(address)?.NodeId).OfType<string>();

    private IEnumerable<string> Working => Carrying
        .Where(address => !Losses.ContainsKey(address)).Concat(Losses.Where(loss => !loss.Value.Lost).Select(loss => loss.Key));

    private bool Carries => Losses.IsEmpty || Working.Any();

    // A worker that was cut off itself has its tunnels back one by one, in its own time: what it lost together with everything is no node's fault yet.
    private TimeSpan Since(WorkerLoss loss, LivenessPolicy policy) =>
        BackSince is { } back && loss.Since <= back && back > TimeSpan.MinValue ? back + policy.OutageSettles : loss.Since;
}
