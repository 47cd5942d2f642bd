using System.Net;
using System.Runtime.InteropServices;
using Vprox.Addressing;
using Vprox.Netlink;

namespace Vprox.WireGuard.Kernel;

/// <summary>A peer while its parts of a dump are read.</summary>
internal sealed class DumpedPeer(WireGuardKey publicKey)
{
    private const int TimespecSize = 16;

    private readonly List<Ipv4Prefix> _allowedIps = [];
    private IPEndPoint? _endpoint;
    private DateTimeOffset? _lastHandshake;
    private long _received, _sent;
    private ushort _keepaliveSeconds;

    /// <summary>Takes one of its attributes; others than those we read are left out.</summary>
    public void Take(NetlinkAttribute attribute)
    {
        switch (attribute.Type)
        {
            case Uapi.WGPEER_A_ENDPOINT:
                _endpoint = SockAddr.Decode(attribute.Payload);
                break;
            case Uapi.WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL:
                _keepaliveSeconds = attribute.U16();
                break;
            case Uapi.WGPEER_A_LAST_HANDSHAKE_TIME:
                _lastHandshake = Timespec(attribute.Payload);
                break;
            case Uapi.WGPEER_A_RX_BYTES:
                _received = attribute.S64();
                break;
            case Uapi.WGPEER_A_TX_BYTES:
                _sent = attribute.S64();
                break;
            case Uapi.WGPEER_A_ALLOWEDIPS:
                foreach (var allowedIp in attribute.Nested())
                    TakeAllowedIp(allowedIp.Nested());
                break;
        }
    }

    public Peer ToPeer() => new()
    {
        PublicKey = publicKey,
        Endpoint = _endpoint,
        LastHandshake = _lastHandshake,
        ReceivedBytes = _received,
        SentBytes = _sent,
        PersistentKeepalive = _keepaliveSeconds == 0 ? null : TimeSpan.FromSeconds(_keepaliveSeconds),
        AllowedIps = _allowedIps,
    };

    private void TakeAllowedIp(NetlinkReader attributes)
    {
        ushort family = 0;
        IPAddress? address = null;
        byte? length = null;
        foreach (var attribute in attributes)
            switch (attribute.Type)
            {
                case Uapi.WGALLOWEDIP_A_FAMILY:
                    family = attribute.U16();
                    break;
                case Uapi.WGALLOWEDIP_A_IPADDR when attribute.Payload.Length == 4:
                    address = attribute.Ipv4();
                    break;
                case Uapi.WGALLOWEDIP_A_CIDR_MASK:
                    length = attribute.U8();
                    break;
            }
        if (family == Uapi.AF_INET6)
            return;
        if (family != Uapi.AF_INET || address is null || length is null or > 32)
            throw new WireGuardException($"peer {publicKey} has an allowed IP that cannot be read");
        _allowedIps.Add(Ipv4Prefix.Containing(address, length.Value));
    }

    /// <summary>struct __kernel_timespec (linux/time_types.h): seconds and nanoseconds, 64 bits each.</summary>
    private DateTimeOffset? Timespec(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == TimespecSize
            && HandshakeTime.TryFromUnix(MemoryMarshal.Read<long>(bytes), MemoryMarshal.Read<long>(bytes[8..]), out var time))
            return time;
        throw new WireGuardException($"peer {publicKey} has a handshake time that cannot be read");
    }
}
