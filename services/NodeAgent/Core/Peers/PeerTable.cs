using System.Net;
using Vprox.Addressing;
using Vprox.NodeAgent.Core.Placements;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core.Peers;

/// <summary>The tunnels of every static address on a node. Pure: it does no I/O, and its caller makes one call at a time.</summary>
public sealed class PeerTable
{
    private sealed class AddressPeers
    {
        public Dictionary<WireGuardKey, TunnelPeer> Peers { get; } = [];

        public Dictionary<IPAddress, WireGuardKey> Holders { get; } = [];

        /// <summary>Peers that were removed since the placement's generation.</summary>
        public RecentlyRemoved Removed { get; } = new();

        public long Generation { get; set; }

        /// <summary>Those of some addresses that no peer has.</summary>
        public IReadOnlyList<IPAddress> Free(IEnumerable<IPAddress> addresses) => [.. addresses.Where(address => !Holders.ContainsKey(address))];

        private TunnelPeer[]? _sorted;

        /// <summary>The peers by key; the same list until one changes.</summary>
        public IReadOnlyList<TunnelPeer> Sorted => _sorted ??= [.. Peers.Values.OrderBy(peer => peer.PublicKey)];

        public void Set(TunnelPeer peer)
        {
            Drop(peer.PublicKey);
            _sorted = null;
            Peers[peer.PublicKey] = peer;
            foreach (var address in peer.InnerAddresses)
                Holders[address] = peer.PublicKey;
        }

        public bool Drop(WireGuardKey key)
        {
            if (!Peers.Remove(key, out var peer))
                return false;
            _sorted = null;
            foreach (var address in peer.InnerAddresses)
                Holders.Remove(address);
            return true;
        }
    }

    private readonly Dictionary<IPAddress, AddressPeers> _addresses = [];

    /// <summary>The peers of an address, by key; the same list until one changes.</summary>
    public IReadOnlyList<TunnelPeer> Of(IPAddress address) => _addresses.TryGetValue(address, out var entry) ? entry.Sorted : [];

    /// <summary>Whether any peer of an address is so. In no order: while a crowd connects, sorting them for each look would be work for nothing.</summary>
    public bool Any(IPAddress address, Func<TunnelPeer, bool> isSo) => _addresses.TryGetValue(address, out var entry) && entry.Peers.Values.Any(isSo);

    /// <summary>How many peers an address has.</summary>
    public int CountOf(IPAddress address) => _addresses.TryGetValue(address, out var entry) ? entry.Peers.Count : 0;

    /// <summary>A peer, or null.</summary>
    public TunnelPeer? Find(IPAddress address, WireGuardKey key) => _addresses.GetValueOrDefault(address)?.Peers.GetValueOrDefault(key);

    /// <summary>A placement without the peers that have left since it was written; one of a newer generation lists who is there.</summary>
    public Placement WithoutRemoved(Placement placement, DateTimeOffset now) =>
        _addresses.TryGetValue(placement.Address, out var entry) && placement.Generation <= entry.Generation
            ? placement.WithPeers(key => !entry.Removed.Contains(key, now))
            : placement;

    /// <summary>
    /// Adds the tunnels that came with a placement and are not known yet, and gives those that are what a newer grant of theirs names: its worker may have
    /// shown it to the node that the address has left.
    /// </summary>
    public void Place(Placement placement, DateTimeOffset now)
    {
        var entry = EntryOf(placement.Address);
        if (placement.Generation > entry.Generation)
        {
            entry.Generation = placement.Generation;
            entry.Removed.Clear();
        }
        // WireGuard passes over a peer that has its interface's own key: it would be missing in every round, and be set again.
        var own = placement.Identity?.ServerPublicKey;
        if (own is not null)
            entry.Drop(own.Value);
        Renew(entry, placement);
        foreach (var tunnel in placement.Peers)
        {
            if (entry.Peers.ContainsKey(tunnel.PublicKey) || entry.Removed.Contains(tunnel.PublicKey, now) || tunnel.PublicKey == own)
                continue;
            // Two keys with one inner address would take it from each other in the kernel for ever: the first one keeps it.
            var free = entry.Free(tunnel.InnerAddresses);
            if (free.Count > 0)
                entry.Set(new TunnelPeer { PublicKey = tunnel.PublicKey, InnerAddresses = free, Endpoint = tunnel.Endpoint, GrantedAt = tunnel.GrantedAt, Since = now });
        }
    }

    private static void Renew(AddressPeers entry, Placement placement)
    {
        var renewed = placement.Peers
            .Select(tunnel => (Tunnel: tunnel, Before: entry.Peers.GetValueOrDefault(tunnel.PublicKey)))
            .Where(each => each.Before is { GrantedAt: { } before } && each.Tunnel.IsGrantedAfter(before)).ToList();
        // What some have given back others may have been given.
        foreach (var (tunnel, _) in renewed)
            entry.Drop(tunnel.PublicKey);
        foreach (var (tunnel, before) in renewed)
        {
            if (entry.Free(tunnel.InnerAddresses) is { Count: > 0 } named)
                entry.Set(before! with { InnerAddresses = named, GrantedAt = tunnel.GrantedAt, LeaseExpiresAt = null });
            else if (entry.Free(before!.InnerAddresses) is { Count: > 0 } rest)
                entry.Set(before with { InnerAddresses = rest });
        }
    }

    /// <summary>Takes over the peers that the kernel has from an earlier run of the agent: they are newer than what the journal names.</summary>
    public void Adopt(Placement placement, Device device, DateTimeOffset now)
    {
        var entry = EntryOf(placement.Address);
        entry.Generation = placement.Generation;
        foreach (var peer in device.Peers)
        {
            var inner = peer.AllowedIps.Where(ip => ip.Length == 32 && placement.Inner.Contains(ip)).Select(ip => ip.Network).ToList();
            if (inner.Count == 0)
                continue;
            // Which grant it is of is known when the placement names the same.
            var placed = placement.Peers.FirstOrDefault(tunnel => tunnel.PublicKey == peer.PublicKey);
            var grantedAt = placed is not null && placed.InnerAddresses.ToHashSet().SetEquals(inner) ? placed.GrantedAt : null;
            entry.Set(new TunnelPeer { PublicKey = peer.PublicKey, InnerAddresses = inner, Endpoint = peer.Endpoint, GrantedAt = grantedAt, Since = now });
        }
    }

    /// <summary>Notes where peers are seen, for the address's next node.</summary>
    /// <returns>Those that are elsewhere than before.</returns>
    public IReadOnlyList<TunnelPeer> Observe(IPAddress address, Device device)
    {
        var moved = new List<TunnelPeer>();
        foreach (var seen in device.Peers.Where(seen => seen.Endpoint is not null))
        {
            if (Find(address, seen.PublicKey) is { } peer && !seen.Endpoint!.Equals(peer.Endpoint))
                moved.Add(peer with { Endpoint = seen.Endpoint });
        }
        foreach (var peer in moved)
            EntryOf(address).Set(peer);
        return moved;
    }

    /// <summary>A tunnel connects, anew or again.</summary>
    /// <param name="inner">The address's inner subnet.</param>
    /// <param name="request">Who connects and what its grant names.</param>
    /// <param name="now">The time.</param>
    /// <param name="blockSize">Ports in one of its blocks.</param>
    public ConnectOutcome Connect(
        IPAddress address, Ipv4Prefix inner, ConnectRequest request, DateTimeOffset now, int blockSize = AddressLayout.BlockSize)
    {
        var entry = EntryOf(address);
        var known = entry.Peers.GetValueOrDefault(request.PublicKey);
        if (known?.GrantedAt > request.GrantedAt)
            return new ConnectOutcome.Connected(known, known, []);

        var wanted = request.InnerAddresses;
        if (wanted.Count == 0)
            wanted = known?.InnerAddresses ?? Choose(inner, new BlockLayout(blockSize), request, free => !entry.Holders.ContainsKey(free));
        if (wanted.Count == 0)
            return new ConnectOutcome.Full();

        // What a newer grant has given to another is that one's; the rest of an older grant is still good.
        var allowed = wanted.Where(held => !entry.Holders.TryGetValue(held, out var key) || key == request.PublicKey
            || entry.Peers[key].YieldsTo(request.GrantedAt, now)).ToList();
        if (allowed.Count == 0)
            return new ConnectOutcome.Conflict(wanted[0]);
        wanted = allowed;

        var (displaced, reduced) = TakeFromOthers(entry, request.PublicKey, wanted);
        var connected = new TunnelPeer
        {
            PublicKey = request.PublicKey,
            InnerAddresses = wanted,
            GrantedAt = request.GrantedAt,
            LeaseExpiresAt = request.LeaseExpiresAt,
            Endpoint = known?.Endpoint,
            Since = now,
        };
        entry.Set(connected);
        entry.Removed.Remove(request.PublicKey);
        return new ConnectOutcome.Connected(connected, known, displaced) { Reduced = reduced };
    }

    private static (List<TunnelPeer> Displaced, List<TunnelPeer> Reduced) TakeFromOthers(
        AddressPeers entry, WireGuardKey taker, IReadOnlyList<IPAddress> wanted)
    {
        var (displaced, reduced) = (new List<TunnelPeer>(), new List<TunnelPeer>());
        foreach (var key in wanted.Where(entry.Holders.ContainsKey).Select(held => entry.Holders[held]).Where(key => key != taker).Distinct().ToList())
        {
            var peer = entry.Peers[key];
            var rest = peer.InnerAddresses.Except(wanted).ToList();
            if (rest.Count > 0)
                entry.Set(peer with { InnerAddresses = rest });
            else
                entry.Drop(key);
            (rest.Count > 0 ? reduced : displaced).Add(peer);
        }
        return (displaced, reduced);
    }

    private static IReadOnlyList<IPAddress> Choose(
        Ipv4Prefix inner, BlockLayout layout, ConnectRequest request, Func<IPAddress, bool> isFree) => request.Wish is { } wish
        ? InnerAddressChoice.Choose(inner, layout, request.PublicKey, wish, isFree)
        : [.. layout.SharedAddresses(inner).Where(isFree).Take(1)];

    /// <summary>Puts a peer back as it was before a change that the kernel refused; null takes it away.</summary>
    public void Restore(IPAddress address, WireGuardKey key, TunnelPeer? before)
    {
        if (before is null)
            EntryOf(address).Drop(key);
        else
            EntryOf(address).Set(before);
    }

    /// <summary>Removes a peer; a double of its placement does not bring it back.</summary>
    /// <returns>False when it was not there.</returns>
    public bool Remove(IPAddress address, WireGuardKey key, DateTimeOffset now)
    {
        if (!_addresses.TryGetValue(address, out var entry) || !entry.Drop(key))
            return false;
        entry.Removed.Add(key, now);
        return true;
    }

    /// <summary>How many peers of an address are remembered to have left.</summary>
    public int RemovedCountOf(IPAddress address) => _addresses.TryGetValue(address, out var entry) ? entry.Removed.Count : 0;

    /// <summary>Forgets an address that was let go.</summary>
    public void Forget(IPAddress address) => _addresses.Remove(address);

    private AddressPeers EntryOf(IPAddress address)
    {
        if (!_addresses.TryGetValue(address, out var entry))
            _addresses[address] = entry = new AddressPeers();
        return entry;
    }
}
