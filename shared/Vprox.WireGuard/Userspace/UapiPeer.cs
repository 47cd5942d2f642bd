using System.Net;
using Vprox.Addressing;

namespace Vprox.WireGuard.Userspace;

/// <summary>A peer while its lines are read.</summary>
internal sealed class UapiPeer(WireGuardKey publicKey)
{
    private readonly List<Ipv4Prefix> _allowedIps = [];
    private IPEndPoint? _endpoint;
    private long _handshakeSeconds, _handshakeNanoseconds, _received, _sent, _keepaliveSeconds;

    public WireGuardKey PublicKey => publicKey;

    /// <summary>Takes one line that follows public_key.</summary>
    public void Take(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("allowed_ip"u8))
        {
            if (UapiParser.AllowedIp(value) is { } prefix)
                _allowedIps.Add(prefix);
        }
        else if (key.SequenceEqual("endpoint"u8))
            _endpoint = UapiParser.Endpoint(value);
        else if (key.SequenceEqual("last_handshake_time_sec"u8))
            _handshakeSeconds = (long)UapiParser.Number(key, value, long.MaxValue);
        else if (key.SequenceEqual("last_handshake_time_nsec"u8))
            _handshakeNanoseconds = (long)UapiParser.Number(key, value, long.MaxValue);
        else if (key.SequenceEqual("rx_bytes"u8))
            _received = (long)UapiParser.Number(key, value, long.MaxValue);
        else if (key.SequenceEqual("tx_bytes"u8))
            _sent = (long)UapiParser.Number(key, value, long.MaxValue);
        else if (key.SequenceEqual("persistent_keepalive_interval"u8))
            _keepaliveSeconds = (long)UapiParser.Number(key, value, ushort.MaxValue);
    }

    public Peer ToPeer() => new()
    {
        PublicKey = PublicKey,
        Endpoint = _endpoint,
        LastHandshake = HandshakeTime.TryFromUnix(_handshakeSeconds, _handshakeNanoseconds, out var time) ? time
            : throw new WireGuardException($"peer {PublicKey} has a handshake time that cannot be read"),
        ReceivedBytes = _received,
        SentBytes = _sent,
        PersistentKeepalive = _keepaliveSeconds == 0 ? null : TimeSpan.FromSeconds(_keepaliveSeconds),
        AllowedIps = _allowedIps,
    };
}
