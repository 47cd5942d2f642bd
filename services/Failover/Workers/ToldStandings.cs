using System.Collections.Immutable;
using Vprox.Contracts;
using Vprox.Failover.Core.Liveness;

namespace Vprox.Failover.Workers;

/// <summary>
/// How nodes stand by verdicts and commands as they went over the bus, and by the Allocator's books for what was before this process began.
/// </summary>
public sealed class ToldStandings(Fleet fleet) : INodeStandings
{
    private readonly Lock gate = new();
    private ImmutableDictionary<string, Standing> standings = ImmutableDictionary<string, Standing>.Empty;

    /// <summary>The Allocator's books; what was heard since counts more.</summary>
    public void Learn(NodeStanding standing)
    {
        lock (gate)
        {
            var known = standings.GetValueOrDefault(standing.NodeId) ?? new Standing(null, false);
            var dead = standing.Unhealthy ? known.DeadSince ?? fleet.Now : known.DeadSince;
            standings = standings.SetItem(standing.NodeId, known with { DeadSince = dead, ByOperator = known.ByOperator || standing.Draining });
        }
    }

    /// <summary>A node was declared dead.</summary>
    public void Died(string nodeId) => Change(nodeId, standing => standing with { DeadSince = standing.DeadSince ?? fleet.Now });

    /// <summary>A node is well again.</summary>
    public void Recovered(string nodeId) => Change(nodeId, _ => new Standing(null, false));

    /// <summary>An operator fails or drains a node.</summary>
    public void Ordered(string nodeId) => Change(nodeId, standing => standing with { ByOperator = true });

    /// <inheritdoc/>
    public NodeStandingNow? Of(string nodeId)
    {
        lock (gate)
        {
            if (!standings.TryGetValue(nodeId, out var standing))
                return fleet.Nodes.ContainsKey(nodeId) ? new NodeStandingNow(false, TimeSpan.Zero, false) : null;
            return new NodeStandingNow(standing.DeadSince is not null, standing.DeadSince is { } since ? fleet.Now - since : TimeSpan.Zero, standing.ByOperator);
        }
    }

    private void Change(string nodeId, Func<Standing, Standing> change)
    {
        lock (gate) standings = standings.SetItem(nodeId, change(standings.GetValueOrDefault(nodeId) ?? new Standing(null, false)));
        fleet.Wake();
    }

    private sealed record Standing(TimeSpan? DeadSince, bool ByOperator);
}
