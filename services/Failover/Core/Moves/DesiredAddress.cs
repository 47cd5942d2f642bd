using System.Collections.Immutable;
using System.Net;
using Vprox.Contracts;

namespace Vprox.Failover.Core.Moves;

/// <summary>Where a static address shall be in EC2.</summary>
public sealed record DesiredAddress(
    string Address, string AllocationId, string PrivateAddress, string NetworkInterfaceId, string NodeId, long Generation)
{
    /// <summary>The node that it leaves, as the Allocator knows it; null when it did not say.</summary>
    public string? FromNodeId { get; init; }

    /// <summary>How many addresses this generation places on the same ENI, at least 1; null when the Allocator did not say.</summary>
    public int? PlacedTogether { get; init; }

    /// <summary>Tunnels that wait for it: the more, the sooner it is moved.</summary>
    public int Peers { get; init; }

    /// <summary>The hosts these tunnels come from.</summary>
    public ImmutableSortedSet<string> WorkerHosts { get; init; } = ImmutableSortedSet<string>.Empty;

    /// <summary>Its guaranteed rate; 0 is none.</summary>
    public int GuaranteedMbps { get; init; }

    /// <summary>The same placement with what changes without a move.</summary>
    public DesiredAddress Refresh(DesiredAddress told) =>
        Peers == told.Peers && GuaranteedMbps == told.GuaranteedMbps && WorkerHosts.SetEquals(told.WorkerHosts)
            ? this
            : this with { Peers = told.Peers, GuaranteedMbps = told.GuaranteedMbps, WorkerHosts = told.WorkerHosts };

    /// <summary>As the Allocator placed it.</summary>
    public static DesiredAddress From(StaticIpPlaced placed) =>
        new(placed.Address, placed.AllocationId, placed.PrivateAddress, placed.NetworkInterfaceId, placed.NodeId, placed.Generation)
        {
            FromNodeId = placed.FromNodeId,
            PlacedTogether = placed.PlacedTogether > 0 ? placed.PlacedTogether : null,
            Peers = placed.Peers.Count,
            WorkerHosts = [.. placed.Peers.Select(peer => IPEndPoint.TryParse(peer.Endpoint ?? "", out var from) ? $"{from.Address}" : null).OfType<string>()],
            GuaranteedMbps = placed.GuaranteedMbps ?? 0,
        };
}
