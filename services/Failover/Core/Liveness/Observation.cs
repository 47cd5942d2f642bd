using System.Collections.Immutable;
using System.Net;

namespace Vprox.Failover.Core.Liveness;

/// <summary>Something that was seen, heard or asked.</summary>
public abstract record Observation
{
    private Observation()
    {
    }

    /// <summary>A node is known, by its own word or the Allocator's.</summary>
    public sealed record Known(string NodeId, string InstanceId, IPEndPoint? ProbeTarget) : Observation;

    /// <summary>A heartbeat.</summary>
    public sealed record Heartbeat(string NodeId, DateTimeOffset StartedAt, long Sequence, string? Trouble, TimeSpan TroubleFor) : Observation;

    /// <summary>A probe ended.</summary>
    public sealed record Probed(string NodeId, ProbeResult Result) : Observation;

    /// <summary>A worker's tunnels carry nothing, and which of its others do; <paramref name="At"/> is by the worker's clock.</summary>
    public sealed record TunnelsLost(
        string WorkerId, ImmutableSortedSet<string> Addresses, ImmutableSortedSet<string> Carrying, DateTimeOffset At) : Observation;

    /// <summary>A worker's tunnels carry again.</summary>
    public sealed record TunnelsRestored(string WorkerId, ImmutableSortedSet<string> Addresses, DateTimeOffset At) : Observation;

    /// <summary>Which node every static address is placed on now.</summary>
    /// <param name="NodeByAddress">Node ids by address.</param>
    /// <param name="HostsByNode">By node id, how many worker hosts have tunnels to its addresses, as far as is known.</param>
    public sealed record Placed(ImmutableSortedDictionary<string, string> NodeByAddress, ImmutableDictionary<string, int> HostsByNode) : Observation;

    /// <summary>A node serves a static address.</summary>
    public sealed record Serving(string Address, string NodeId) : Observation;

    /// <summary>EC2's word about an instance.</summary>
    public sealed record InstanceState(string InstanceId, string State, DateTimeOffset At) : Observation;

    /// <summary>EC2 gives notice that an instance will not stay. <paramref name="Notice"/> names the occasion: each is acted on once.</summary>
    public sealed record InstanceNotice(string InstanceId, string Notice) : Observation;

    /// <summary>A node's addresses shall be moved away.</summary>
    public sealed record DrainAsked(string NodeId, string Why) : Observation;

    /// <summary>An operator lets a node take addresses again: its drain is over.</summary>
    public sealed record UncordonAsked(string NodeId) : Observation;

    /// <summary>An operator declares a node dead.</summary>
    public sealed record FailAsked(string NodeId, string Why) : Observation;

    /// <summary>What the Allocator's books say of all nodes it knows, as it was asked at <paramref name="Asked"/>.</summary>
    public sealed record Standings(ImmutableSortedDictionary<string, Standing> Nodes, TimeSpan Asked) : Observation;

    /// <summary>The verdict is on the bus.</summary>
    public sealed record Published(Verdict Verdict) : Observation;

    /// <summary>This replica has become the one that acts.</summary>
    public sealed record TurnTaken : Observation;

    /// <summary>Time has passed; without the bus nobody can be heard.</summary>
    public sealed record Ticked(bool Connected) : Observation;
}

/// <summary>What the Allocator's books say of a node.</summary>
public sealed record Standing(bool Unhealthy, bool Draining);
