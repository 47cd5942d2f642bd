using System.Collections.Immutable;
using System.Net;

namespace Vprox.WorkerAgent.Core;

/// <summary>What a tunnel does with the port blocks it has. Inner addresses stand for their blocks.</summary>
public sealed record TunnelPorts
{
    /// <summary>All blocks take new connections; no more are wanted.</summary>
    public static TunnelPorts AsGranted { get; } = new();

    /// <summary>Blocks wanted in all; 0 when those it has are enough.</summary>
    public int Wanted { get; init; }

    /// <summary>Blocks that take no new connection, so that they can be given back when their last one is gone.</summary>
    public ImmutableHashSet<IPAddress> Retired { get; init; } = [];

    /// <summary>Blocks that take no new connection for a while, because they are fuller than others.</summary>
    public ImmutableHashSet<IPAddress> Resting { get; init; } = [];

    /// <summary>Blocks that are being given back: nothing uses them, and nothing will before a newer grant names them.</summary>
    public ImmutableHashSet<IPAddress> Returning { get; init; } = [];

    /// <summary>The blocks that take new connections; never none of several.</summary>
    public IReadOnlyList<InnerBlock> Open(NodeConnection connection)
    {
        var held = connection.Blocks.Where(block => !Returning.Contains(block.Address)).ToList();
        var open = held.Where(block => !Retired.Contains(block.Address) && !Resting.Contains(block.Address)).ToList();
        return open.Count > 0 ? open : held;
    }

    /// <summary>The inner addresses that are still its own.</summary>
    public IReadOnlyList<IPAddress> Held(NodeConnection connection) =>
        Returning.IsEmpty ? connection.InnerAddresses : [.. connection.InnerAddresses.Where(address => !Returning.Contains(address))];

    /// <summary>True when another grant is needed: for more blocks, or for fewer.</summary>
    public bool NeedsGrant(NodeConnection connection) => !Returning.IsEmpty || Wanted > connection.Blocks.Count;

    /// <summary>What is left of it with another set of blocks.</summary>
    public TunnelPorts With(NodeConnection connection)
    {
        var there = connection.InnerAddresses.ToImmutableHashSet();
        return new TunnelPorts
        {
            Wanted = Wanted > connection.Blocks.Count ? Wanted : 0,
            Retired = Retired.Intersect(there),
            Resting = Resting.Intersect(there),
            Returning = Returning.Intersect(there),
        };
    }

    /// <inheritdoc/>
    public bool Equals(TunnelPorts? other) =>
        other is not null && Wanted == other.Wanted && Retired.SetEquals(other.Retired) && Resting.SetEquals(other.Resting) && Returning.SetEquals(other.Returning);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Wanted, Retired.Count, Resting.Count, Returning.Count);
}
