using Vprox.Netlink;

namespace Vprox.WireGuard.Kernel;

/// <summary>
/// Puts a WG_CMD_GET_DEVICE dump together. Peers are spread over several messages, and a peer with many allowed IPs goes on in the next
/// one with its key and further allowed IPs only; peers are found by key, so that any dump is read in one pass.
/// </summary>
internal sealed class DeviceDump(string name)
{
    private readonly List<DumpedPeer> _peers = [];
    private readonly Dictionary<WireGuardKey, DumpedPeer> _byKey = [];
    private WireGuardPrivateKey? _privateKey;
    private int _port;
    private uint _mark;

    /// <summary>Takes the attributes of one message of the dump.</summary>
    /// <exception cref="NetlinkException">An attribute's length is wrong.</exception>
    /// <exception cref="WireGuardException">An attribute's value is.</exception>
    public void Take(NetlinkReader attributes)
    {
        foreach (var attribute in attributes)
            switch (attribute.Type)
            {
                case Uapi.WGDEVICE_A_PRIVATE_KEY:
                    _privateKey = attribute.Payload.IndexOfAnyExcept((byte)0) < 0 ? null : new WireGuardPrivateKey(Key(attribute));
                    break;
                case Uapi.WGDEVICE_A_LISTEN_PORT:
                    _port = attribute.U16();
                    break;
                case Uapi.WGDEVICE_A_FWMARK:
                    _mark = attribute.U32();
                    break;
                case Uapi.WGDEVICE_A_PEERS:
                    foreach (var peer in attribute.Nested())
                        TakePeer(peer.Nested());
                    break;
            }
    }

    public Device ToDevice()
    {
        var peers = new List<Peer>(_peers.Count);
        foreach (var peer in _peers)
            peers.Add(peer.ToPeer());
        return new Device { Name = name, PrivateKey = _privateKey, ListenPort = _port, FirewallMark = _mark, Peers = peers };
    }

    private void TakePeer(NetlinkReader attributes)
    {
        DumpedPeer? peer = null;
        foreach (var attribute in attributes)
            if (attribute.Type == Uapi.WGPEER_A_PUBLIC_KEY)
                peer = Find(new WireGuardKey(Key(attribute)));
        if (peer is null)
            throw new WireGuardException("a peer of the dump has no public key");
        foreach (var attribute in attributes)
            peer.Take(attribute);
    }

    private DumpedPeer Find(WireGuardKey key)
    {
        if (_byKey.TryGetValue(key, out var known))
            return known;
        var peer = new DumpedPeer(key);
        _byKey.Add(key, peer);
        _peers.Add(peer);
        return peer;
    }

    private static ReadOnlySpan<byte> Key(NetlinkAttribute attribute) =>
        attribute.Payload.Length == WireGuardKey.Size
            ? attribute.Payload
            : throw new WireGuardException($"a key of {attribute.Payload.Length} bytes");
}
