using System.Net;
using Vprox.Addressing;
using Vprox.NodeAgent.Core.Metadata;
using Vprox.NodeAgent.Core.Peers;
using Vprox.NodeAgent.Core.Placements;
using Vprox.NodeAgent.Core.Ports;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core;

/// <summary>
/// All that a node decides from: placements, peers, and what IMDS showed last. Every member may be called from any thread; none does I/O.
/// </summary>
public sealed partial class NodeState(string nodeId)
{
    private readonly Lock _lock = new();
    private readonly PlacementTable _placements = new(nodeId);
    private readonly PeerTable _peers = new();
    private MetadataSnapshot? _metadata;
    private long _placementsVersion;
    private (object[] Parts, DesiredNode Desired)? _desired;

    /// <summary>The node.</summary>
    public string NodeId => nodeId;

    /// <summary>What IMDS showed last; null before the first complete reading.</summary>
    public MetadataSnapshot? Metadata
    {
        get { lock (_lock) return _metadata; }
    }

    /// <summary>The addresses that the outside reaches here, each with its generation. Those that are about to leave are not said to serve.</summary>
    public IReadOnlyList<Placement> Serving
    {
        get { lock (_lock) return ServingNow(); }
    }

    /// <summary>The addresses that are placed here, or still held, by their listen port.</summary>
    public IReadOnlyDictionary<int, IPAddress> AddressesByPort
    {
        get { lock (_lock) return _placements.Held.DistinctBy(placement => placement.ListenPort).ToDictionary(placement => placement.ListenPort, placement => placement.Address); }
    }

    /// <summary>The addresses that are placed here, or still held, with their tunnels.</summary>
    public IReadOnlyList<AddressTunnels> TunnelsByAddress
    {
        get { lock (_lock) return [.. _placements.Held.Select(placement => new AddressTunnels(placement, _peers.Of(placement.Address)))]; }
    }

    /// <summary>How many tunnels all addresses have.</summary>
    public int PeerCount
    {
        get { lock (_lock) return _placements.Held.Sum(placement => _peers.CountOf(placement.Address)); }
    }

    /// <summary>The addresses with a peer that connected after a time and has not been seen yet.</summary>
    public IReadOnlyList<Placement> WithUnseenPeers(DateTimeOffset since)
    {
        lock (_lock)
        {
            return [.. _placements.Held.Where(placement =>
                _peers.Any(placement.Address, peer => peer.Endpoint is null && peer.GrantedAt is not null && peer.Since > since))];
        }
    }

    /// <summary>Takes a reading of IMDS.</summary>
    /// <returns>True when it shows something else than the last one.</returns>
    public bool Take(MetadataSnapshot metadata)
    {
        lock (_lock)
        {
            // The older of two that say the same stays: it knows since when.
            if (_metadata is not null && metadata.ShowsTheSameAs(_metadata))
                return false;
            _metadata = metadata;
            return true;
        }
    }

    /// <summary>Takes a placement.</summary>
    /// <param name="placement">The placement.</param>
    /// <param name="confirmed">True when it comes from a snapshot.</param>
    /// <param name="now">The time.</param>
    public PlacementOutcome Take(Placement placement, bool confirmed, DateTimeOffset now)
    {
        lock (_lock)
        {
            placement = _peers.WithoutRemoved(placement, now);
            var outcome = confirmed ? _placements.Confirm(placement, now) : _placements.Place(placement, now);
            // Its own peers only: those that came with earlier parts are in the table, or have left it.
            if (outcome is PlacementOutcome.Placed or PlacementOutcome.Completed)
                _peers.Place(placement, now);
            if (outcome == PlacementOutcome.Completed)
            {
                var listed = placement.Peers.Select(peer => peer.PublicKey).ToHashSet();
                _placements.KeepPeers(placement.Address, key => listed.Contains(key) || _peers.Find(placement.Address, key) is not null);
            }
            if (outcome != PlacementOutcome.Ignored)
                _placementsVersion++;
            return outcome;
        }
    }

    /// <summary>Takes a release.</summary>
    public PlacementOutcome Release(IPAddress address, long generation)
    {
        lock (_lock)
        {
            var outcome = _placements.Release(address, generation);
            if (outcome != PlacementOutcome.Ignored)
                _placementsVersion++;
            return outcome;
        }
    }

    /// <summary>Takes what the journal holds of an address, and the interface that the kernel still has for it from the agent's last run.</summary>
    /// <param name="placement">The placement.</param>
    /// <param name="overtakenUpTo">See <see cref="KnownAddress.OvertakenUpTo"/>.</param>
    /// <param name="device">The interface; null when the kernel has none, as after a boot.</param>
    /// <param name="now">The time.</param>
    public void Adopt(Placement placement, long overtakenUpTo, Device? device, DateTimeOffset now)
    {
        lock (_lock)
        {
            _placements.Place(placement, now);
            _placements.Overtake(placement.Address, overtakenUpTo, now);
            if (_placements.Find(placement.Address)?.Here is not { } here || here.Generation != placement.Generation)
                return;
            if (device is not null)
                _peers.Adopt(placement, device, now);
            else
                _peers.Place(placement, now);
        }
    }

    /// <summary>See <see cref="PlacementTable.ResumeZones"/>; before anything is placed.</summary>
    public void ResumeZones(ushort lastZone)
    {
        lock (_lock) _placements.ResumeZones(lastZone);
    }

    /// <summary>See <see cref="PlacementTable.Resume"/>.</summary>
    public void Resume(long upTo)
    {
        lock (_lock) _placements.Resume(upTo);
    }

    /// <summary>See <see cref="PlacementTable.PlacedGenerations"/>.</summary>
    public IReadOnlyDictionary<IPAddress, long> PlacedGenerations()
    {
        lock (_lock) return _placements.PlacedGenerations();
    }

    /// <summary>See <see cref="PlacementTable.EndSnapshot"/>.</summary>
    public IReadOnlyList<IPAddress> EndSnapshot(
        IReadOnlyDictionary<IPAddress, long> placedWhenAsked, IReadOnlySet<IPAddress> named, long upTo, DateTimeOffset now)
    {
        lock (_lock)
        {
            var lost = _placements.EndSnapshot(placedWhenAsked, named, upTo, now);
            var thinned = named.Count(address => _placements.KeepPeers(address, key => _peers.Find(address, key) is not null));
            _placementsVersion += lost.Count + thinned;
            return lost;
        }
    }

    /// <summary>What is known of an address.</summary>
    public KnownAddress? Find(IPAddress address)
    {
        lock (_lock) return _placements.Find(address);
    }

    /// <summary>What the kernel shall hold now, after letting go of what has left; null before IMDS was read once.</summary>
    public NodeRound? NextRound(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_metadata is not { } metadata)
                return null;
            var gone = _placements.Settle(metadata, now);
            foreach (var placement in gone)
            {
                _peers.Forget(placement.Address);
                _prepared.Remove(placement.Address);
            }
            _placementsVersion += gone.Count;
            var held = _placements.Held;
            return new NodeRound
            {
                Desired = Desired(held, metadata),
                Held = [.. held.Select(placement => new HeldPlacement(placement, _placements.Find(placement.Address)!.OvertakenUpTo))],
                Gone = gone,
                PlacementsVersion = _placementsVersion,
                SnapshotUpTo = _placements.UpTo,
                LastZone = _placements.LastZone,
            };
        }
    }

    // The same as long as all that it is made of is the same.
    private DesiredNode Desired(IReadOnlyList<Placement> held, MetadataSnapshot metadata)
    {
        object[] parts = [metadata, .. held, .. held.Select(placement => _peers.Of(placement.Address))];
        if (_desired is not { } known || !known.Parts.SequenceEqual(parts, ReferenceEqualityComparer.Instance))
            _desired = known = (parts, DesiredNodeBuilder.Build(held, metadata, _peers));
        return known.Desired;
    }

    /// <summary>A tunnel connects.</summary>
    public ConnectOutcome Connect(IPAddress address, Ipv4Prefix inner, ConnectRequest request, DateTimeOffset now)
    {
        lock (_lock) return _peers.Connect(address, inner, request, now, _placements.Find(address)?.Here?.BlockSize ?? AddressLayout.BlockSize);
    }

    /// <summary>Takes back a connect that the kernel refused.</summary>
    public void Undo(IPAddress address, ConnectOutcome.Connected connected)
    {
        lock (_lock)
        {
            _peers.Restore(address, connected.Peer.PublicKey, connected.Before);
            foreach (var peer in connected.Displaced.Concat(connected.Reduced))
                _peers.Restore(address, peer.PublicKey, peer);
        }
    }

    /// <summary>A tunnel of an address; null when there is none of this key any more.</summary>
    public TunnelPeer? FindPeer(IPAddress address, WireGuardKey key)
    {
        lock (_lock) return _peers.Find(address, key);
    }

    /// <summary>Removes a peer; false when it was not there.</summary>
    public bool RemovePeer(IPAddress address, WireGuardKey key, DateTimeOffset now)
    {
        lock (_lock) return _peers.Remove(address, key, now);
    }

    /// <summary>See <see cref="PeerTable.RemovedCountOf"/>.</summary>
    internal int RemovedCountOf(IPAddress address)
    {
        lock (_lock) return _peers.RemovedCountOf(address);
    }

    /// <summary>See <see cref="PeerTable.Observe"/>.</summary>
    public IReadOnlyList<TunnelPeer> Observe(IPAddress address, Device device)
    {
        lock (_lock) return _peers.Observe(address, device);
    }

    /// <summary>The peers of an address that shall leave, and why.</summary>
    public IReadOnlyList<LeavingPeer> LeavingPeersOf(IPAddress address, Device device, TimeSpan idleAfter, DateTimeOffset now)
    {
        lock (_lock)
        {
            return _arrivedAt.TryGetValue(address, out var arrivedAt)
                ? LeavingPeers.Find(_peers.Of(address), device, arrivedAt, idleAfter, now)
                : [];
        }
    }
}
