using System.Collections.Immutable;

namespace Vprox.Failover.Core.Moves;

/// <summary>What Allocator and nodes have told, at one moment.</summary>
/// <param name="Placements">Where addresses shall be.</param>
/// <param name="NodeOfInterface">The node of every ENI.</param>
/// <param name="Prepared">The newest generation for which a node said that it is prepared, by address.</param>
/// <param name="Serving">The newest generation that a node said it serves, by address.</param>
/// <param name="Reports">What IMDS last showed on a node.</param>
/// <param name="SnapshotTurn">The turn in which the Allocator's whole list was last asked for; 0 for none.</param>
public sealed record FleetPicture(
    Placements Placements,
    ImmutableSortedDictionary<string, string> NodeOfInterface,
    ImmutableDictionary<string, NodeWord> Prepared,
    ImmutableDictionary<string, NodeWord> Serving,
    ImmutableDictionary<string, ImdsReport> Reports,
    int SnapshotTurn)
{
    /// <summary>Nothing was told.</summary>
    public static FleetPicture Empty { get; } = new(
        Placements.Empty, ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal),
        ImmutableDictionary<string, NodeWord>.Empty, ImmutableDictionary<string, NodeWord>.Empty, ImmutableDictionary<string, ImdsReport>.Empty, 0);

    /// <summary>Whether the target of a placement has said that it is prepared for it.</summary>
    public bool IsPrepared(DesiredAddress desired) => Prepared.GetValueOrDefault(desired.Address) == new NodeWord(desired.NodeId, desired.Generation);

    /// <summary>Whether the target of a placement has said that it serves it.</summary>
    public bool IsServing(DesiredAddress desired) => Serving.GetValueOrDefault(desired.Address) == new NodeWord(desired.NodeId, desired.Generation);

    /// <summary>Whether IMDS on the target showed the private address, in a report that came later than a moment.</summary>
    public bool IsSeenOnNode(DesiredAddress desired, TimeSpan since) =>
        Reports.GetValueOrDefault(desired.NodeId) is { } report && report.At > since
        && report.SecondaryAddresses.Contains((desired.NetworkInterfaceId, desired.PrivateAddress));

    /// <summary>The node of an ENI; null when no node told of it.</summary>
    public string? NodeOf(string networkInterfaceId) => NodeOfInterface.GetValueOrDefault(networkInterfaceId);
}

/// <summary>A node's word about a placement.</summary>
public sealed record NodeWord(string NodeId, long Generation);

/// <summary>What IMDS showed on a node.</summary>
/// <param name="At">When the report came.</param>
/// <param name="SecondaryAddresses">Secondary private addresses with their ENI.</param>
public sealed record ImdsReport(TimeSpan At, ImmutableHashSet<(string NetworkInterfaceId, string PrivateAddress)> SecondaryAddresses);
