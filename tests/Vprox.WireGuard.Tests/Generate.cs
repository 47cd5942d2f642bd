using System.Net;
using CsCheck;
using Vprox.Addressing;

namespace Vprox.WireGuard.Tests;

/// <summary>Random configurations, for laws.</summary>
internal static class Generate
{
    public static readonly Gen<WireGuardKey> Key = Gen.Byte.Array[32].Where(bytes => bytes.Any(b => b != 0)).Select(bytes => new WireGuardKey(bytes));

    public static readonly Gen<WireGuardPrivateKey> PrivateKey = Gen.Byte.Array[32].Where(bytes => bytes.Any(b => b != 0)).Select(bytes => new WireGuardPrivateKey(bytes));

    public static readonly Gen<Ipv4Prefix> Prefix = Gen.Select(Gen.UInt, Gen.Int[0, 32], (address, length) => Ipv4Prefix.Containing(Ipv4.FromUInt32(address), length));

    public static readonly Gen<IPEndPoint> Endpoint = Gen.Select(
        Gen.OneOf(Gen.Byte.Array[4], Gen.Byte.Array[16].Where(bytes => !new IPAddress(bytes).IsIPv4MappedToIPv6)),
        Gen.Int[1, 65535], (address, port) => new IPEndPoint(new IPAddress(address), port));

    public static readonly Gen<Peer> Peer = Gen.Select(
        Key, Endpoint.Null(), Gen.UInt, Gen.Long[0, long.MaxValue], Gen.UShort, Prefix.List[0, 20],
        (key, endpoint, handshake, bytes, keepalive, allowedIps) => new Peer
        {
            PublicKey = key,
            Endpoint = endpoint,
            LastHandshake = handshake == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(handshake).AddTicks(handshake % 10_000_000),
            ReceivedBytes = bytes,
            SentBytes = bytes / 2,
            PersistentKeepalive = keepalive == 0 ? null : TimeSpan.FromSeconds(keepalive),
            AllowedIps = allowedIps,
        });

    public static readonly Gen<Device> Device = Gen.Select(
        PrivateKey.Null(), Gen.UShort, Gen.UInt, Peer.List[0, 20],
        (key, port, mark, peers) => new Device
        {
            Name = "vp49152",
            PrivateKey = key,
            ListenPort = port,
            FirewallMark = mark,
            Peers = [.. peers.DistinctBy(peer => peer.PublicKey)],
        });

    public static Gen<PeerConfig> PeerConfig(int mostAllowedIps) => Gen.Select(
        Key, Gen.Bool, Gen.Bool, Gen.Bool, Endpoint.Null(), Gen.UShort, Prefix.List[0, mostAllowedIps],
        (key, remove, update, replace, endpoint, keepalive, allowedIps) => new PeerConfig
        {
            PublicKey = key,
            Remove = remove,
            UpdateOnly = update,
            ReplaceAllowedIps = replace,
            Endpoint = endpoint,
            PersistentKeepalive = keepalive % 2 == 0 ? null : TimeSpan.FromSeconds(keepalive),
            AllowedIps = allowedIps,
        });

    public static Gen<DeviceConfig> DeviceConfig(int mostPeers, int mostAllowedIps) => Gen.Select(
        PrivateKey.Null(), Gen.UShort, Gen.UInt, Gen.Bool, PeerConfig(mostAllowedIps).List[0, mostPeers],
        (key, port, mark, replace, peers) => new DeviceConfig
        {
            PrivateKey = key,
            ListenPort = port % 2 == 0 ? null : port,
            FirewallMark = mark % 2 == 0 ? null : mark,
            ReplacePeers = replace,
            Peers = [.. peers.DistinctBy(peer => peer.PublicKey)],
        });
}
