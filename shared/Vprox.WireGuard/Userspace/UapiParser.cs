using System.Globalization;
using System.Net;
using System.Text;
using Vprox.Addressing;

namespace Vprox.WireGuard.Userspace;

/// <summary>
/// Reads answers of the cross-platform configuration protocol (www.wireguard.com/xplatform). Keys it does not know are left out, as the
/// protocol asks; anything malformed is a <see cref="WireGuardException"/>.
/// </summary>
internal static class UapiParser
{
    /// <summary>Reads the answer to "set": nothing but errno.</summary>
    /// <exception cref="WireGuardException">Not an answer, or one with an error.</exception>
    public static void ParseSet(ReadOnlySpan<byte> answer)
    {
        var lines = new UapiLines(answer);
        if (lines.Next(out _, out _))
            throw new WireGuardException("the answer to set has more than errno");
    }

    /// <summary>Reads the answer to "get".</summary>
    /// <exception cref="WireGuardException">Not an answer, or one with an error.</exception>
    public static Device ParseGet(string name, ReadOnlySpan<byte> answer)
    {
        var lines = new UapiLines(answer);
        WireGuardPrivateKey? privateKey = null;
        var (port, mark) = (0, 0u);
        var peers = new List<Peer>();
        var seen = new HashSet<WireGuardKey>();
        UapiPeer? peer = null;
        while (lines.Next(out var key, out var value))
        {
            if (key.SequenceEqual("public_key"u8))
            {
                if (peer is not null)
                    peers.Add(peer.ToPeer());
                peer = new UapiPeer(PublicKey(value));
                if (!seen.Add(peer.PublicKey))
                    throw new WireGuardException($"peer {peer.PublicKey} is there twice");
            }
            else if (peer is not null)
                peer.Take(key, value);
            else if (key.SequenceEqual("private_key"u8))
                privateKey = PrivateKey(value);
            else if (key.SequenceEqual("listen_port"u8))
                port = (int)Number(key, value, ushort.MaxValue);
            else if (key.SequenceEqual("fwmark"u8))
                mark = (uint)Number(key, value, uint.MaxValue);
        }
        if (peer is not null)
            peers.Add(peer.ToPeer());
        return new Device { Name = name, PrivateKey = privateKey, ListenPort = port, FirewallMark = mark, Peers = peers };
    }

    /// <summary>Digits only, at most <paramref name="max"/>.</summary>
    public static ulong Number(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong max) =>
        ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max
            ? number
            : throw Malformed(key, value);

    /// <summary>The error for a value that is not of its key's form. Values of keys that hold secrets must not come here.</summary>
    public static WireGuardException Malformed(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        new($"malformed {UapiLines.Quote(key)}: {UapiLines.Quote(value)}");

    /// <summary>An IPv4 or IPv6 address with its port, the latter in brackets and perhaps with a zone.</summary>
    public static IPEndPoint Endpoint(ReadOnlySpan<byte> value)
    {
        var colon = value.LastIndexOf((byte)':');
        if (colon < 0 || !Ascii.IsValid(value))
            throw Malformed("endpoint"u8, value);
        var host = Encoding.ASCII.GetString(value[..colon]);
        var port = (int)Number("endpoint"u8, value[(colon + 1)..], ushort.MaxValue);
        if (Ipv4.TryParse(host, out var address))
            return new IPEndPoint(address, port);
        if (host is not ['[', .., ']'] || !host.Contains(':', StringComparison.Ordinal) || !IPAddress.TryParse(host[1..^1], out var ipv6))
            throw Malformed("endpoint"u8, value);
        return new IPEndPoint(ipv6.IsIPv4MappedToIPv6 ? ipv6.MapToIPv4() : ipv6, port);
    }

    /// <summary>An IPv4 network, or null for a well-formed IPv6 one.</summary>
    public static Ipv4Prefix? AllowedIp(ReadOnlySpan<byte> value)
    {
        var text = Ascii.IsValid(value) ? Encoding.ASCII.GetString(value) : "";
        if (Ipv4Prefix.TryParse(text, out var prefix))
            return prefix;
        return text.Contains(':', StringComparison.Ordinal) && IPNetwork.TryParse(text, out _) ? null : throw Malformed("allowed_ip"u8, value);
    }

    private static WireGuardKey PublicKey(ReadOnlySpan<byte> value)
    {
        Span<byte> bytes = stackalloc byte[WireGuardKey.Size];
        if (!FromHex(value, bytes))
            throw Malformed("public_key"u8, value);
        var key = new WireGuardKey(bytes);
        return key.IsZero ? throw Malformed("public_key"u8, value) : key;
    }

    private static WireGuardPrivateKey? PrivateKey(ReadOnlySpan<byte> value)
    {
        Span<byte> bytes = stackalloc byte[WireGuardKey.Size];
        if (!FromHex(value, bytes))
            throw new WireGuardException($"malformed private_key of {value.Length} characters");
        return bytes.IndexOfAnyExcept((byte)0) < 0 ? null : new WireGuardPrivateKey(bytes);
    }

    private static bool FromHex(ReadOnlySpan<byte> value, Span<byte> bytes) =>
        value.Length == 2 * bytes.Length
        && Convert.FromHexString(value, bytes, out _, out var written) == System.Buffers.OperationStatus.Done
        && written == bytes.Length;
}
