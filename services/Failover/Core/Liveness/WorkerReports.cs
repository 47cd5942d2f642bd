using System.Collections.Immutable;

namespace Vprox.Failover.Core.Liveness;

/// <summary>What all workers say, and which node each static address is on.</summary>
public sealed record WorkerReports
{
    // A worker that reported remains known as a user of its nodes for a while, so that a lone other one is not taken for all.
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    /// <summary>Nobody has said anything.</summary>
    public static WorkerReports None { get; } = new();

    /// <summary>By worker id.</summary>
    public ImmutableSortedDictionary<string, WorkerView> Workers { get; private init; } =
        ImmutableSortedDictionary.Create<string, WorkerView>(StringComparer.Ordinal);

    /// <summary>By static address.</summary>
    public ImmutableSortedDictionary<string, AddressHolder> Holders { get; private init; } =
        ImmutableSortedDictionary.Create<string, AddressHolder>(StringComparer.Ordinal);

    private ImmutableDictionary<string, int> Hosts { get; init; } = ImmutableDictionary<string, int>.Empty;

    // What follows from these, by node.
    private ImmutableDictionary<string, ImmutableList<Witness>> Witnesses { get; init; } = ImmutableDictionary<string, ImmutableList<Witness>>.Empty;

    private ImmutableHashSet<string> Reached { get; init; } = [];

    /// <summary>The workers that have lost all they had on a node, by nobody's fault but the node's.</summary>
    public ImmutableList<Witness> Against(string nodeId) => Witnesses.GetValueOrDefault(nodeId, []);

    /// <summary>Whether others than one witness use the node: a worker that said that it reaches it, or a second host that has tunnels there and does not complain.</summary>
    public bool IsUsedByOthers(string nodeId) => Reached.Contains(nodeId) || Hosts.GetValueOrDefault(nodeId) > 1;

    /// <summary>A worker lost tunnels.</summary>
    public WorkerReports Take(Observation.TunnelsLost lost, TimeSpan now, LivenessPolicy policy) => With(lost.WorkerId, policy, view =>
        view.Take(true, lost.Addresses, lost.Carrying.Except(lost.Addresses), lost.At, address => AccountableFor(address, now), now, policy));

    /// <summary>A worker has tunnels back.</summary>
    public WorkerReports Take(Observation.TunnelsRestored restored, TimeSpan now, LivenessPolicy policy) => With(restored.WorkerId, policy, view =>
        view.Take(false, restored.Addresses, view.Carrying.Union(restored.Addresses), restored.At, _ => null, now, policy));

    /// <summary>Takes over where the addresses are placed.</summary>
    public WorkerReports Place(Observation.Placed placement, TimeSpan now, LivenessPolicy policy) => (this with
    {
        Hosts = placement.HostsByNode,
        Holders = placement.NodeByAddress.ToImmutableSortedDictionary(
            placed => placed.Key,
            placed => Holders.GetValueOrDefault(placed.Key) is { } known && known.NodeId == placed.Value
                ? known
                : new AddressHolder(placed.Value, now + policy.PlacementSettles),
            StringComparer.Ordinal),
    }).Weigh(policy);

    /// <summary>A node serves the address it was given.</summary>
    public WorkerReports Serve(Observation.Serving serving, TimeSpan now, LivenessPolicy policy)
    {
        var from = now + policy.ServingSettles;
        return Holders.GetValueOrDefault(serving.Address) is { } holder && holder.NodeId == serving.NodeId && holder.AccountableFrom > from
            ? this with { Holders = Holders.SetItem(serving.Address, holder with { AccountableFrom = from }) }
            : this;
    }

    /// <summary>Drops what has expired.</summary>
    public WorkerReports Expire(TimeSpan now, LivenessPolicy policy)
    {
        var workers = Workers;
        foreach (var (id, view) in Workers)
        {
            var left = view.Expire(now, policy);
            if (left.Losses.IsEmpty && now - view.Heard >= Remembered) workers = workers.Remove(id);
            else if (!ReferenceEquals(left, view)) workers = workers.SetItem(id, left);
        }
        return ReferenceEquals(workers, Workers) ? this : (this with { Workers = workers }).Weigh(policy);
    }

    private WorkerReports With(string workerId, LivenessPolicy policy, Func<WorkerView, WorkerView> change)
    {
        var known = Workers.GetValueOrDefault(workerId);
        if (known is null && Workers.Count >= policy.MostWorkers) return this;
        return (this with { Workers = Workers.SetItem(workerId, change(known ?? WorkerView.Empty)) }).Weigh(policy);
    }

    private WorkerReports Weigh(LivenessPolicy policy) => this with
    {
        Witnesses = Workers.SelectMany(worker => worker.Value.Speak(worker.Key, Holders, policy))
            .GroupBy(said => said.NodeId).ToImmutableDictionary(said => said.Key, said => said.Select(one => one.Witness).ToImmutableList()),
        Reached = [.. Workers.Values.SelectMany(view => view.Reaches(Holders))],
    };

    private string? AccountableFor(string address, TimeSpan now) =>
        Holders.GetValueOrDefault(address) is { } holder && now >= holder.AccountableFrom ? holder.NodeId : null;
}
