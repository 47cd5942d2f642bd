using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;
using Vprox.WireGuard;

namespace Vprox.Identity;

/// <summary>
/// Proves that a request comes from who holds a peer's WireGuard private key, without a round trip: an HMAC-SHA256 under a key that only that peer
/// and the server can compute, HKDF-SHA256 (RFC 5869) of X25519 of their static keys (RFC 7748). Text form: the time in Unix seconds, a dot, and
/// the HMAC in base64url. It is good for <see cref="Life"/> around its time, for one action and one pair of keys.
/// </summary>
public static class PeerProof
{
    /// <summary>How far the two clocks, and the way between, may be apart.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private static readonly byte[] Purpose = "vprox proof of a peer's key, 1"u8.ToArray();

    /// <summary>Makes a proof.</summary>
    /// <param name="own">The peer's private key.</param>
    /// <param name="server">The server's public key.</param>
    /// <param name="action">What is asked for, e.g. <c>disconnect</c>.</param>
    /// <param name="now">The peer's time.</param>
    public static string Make(WireGuardPrivateKey own, WireGuardKey server, string action, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture,
            $"{seconds}.{Base64Url.EncodeToString(Mac(own, server, Text(action, seconds, own.PublicKey(), server)))}");
    }

    /// <summary>True when the holder of the peer's private key asked for this action about now. The text comes from outside.</summary>
    /// <param name="own">The server's private key.</param>
    /// <param name="peer">The peer's public key.</param>
    /// <param name="action">What is asked for.</param>
    /// <param name="proof">What the request bears; null proves nothing.</param>
    /// <param name="now">The server's time.</param>
    public static bool Holds(WireGuardPrivateKey own, WireGuardKey peer, string action, string? proof, DateTimeOffset now)
    {
        var dot = proof?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        if (dot < 0 || !long.TryParse(proof.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs((decimal)seconds - now.ToUnixTimeSeconds()) > (decimal)Life.TotalSeconds)
            return false;
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return Base64Url.IsValid(proof.AsSpan(dot + 1), out var length) && length == mac.Length
            && Base64Url.TryDecodeFromChars(proof.AsSpan(dot + 1), mac, out _)
            && CryptographicOperations.FixedTimeEquals(mac, Mac(own, peer, Text(action, seconds, peer, own.PublicKey())));
    }

    private static byte[] Text(string action, long seconds, WireGuardKey peer, WireGuardKey server) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{action}\n{seconds}\n{peer}\n{server}"));

    private static byte[] Mac(WireGuardPrivateKey own, WireGuardKey other, byte[] text)
    {
        using var key = Key.Import(KeyAgreementAlgorithm.X25519, own.Bytes, KeyBlobFormat.RawPrivateKey);
        // Null for a point of small order: whoever sends one holds no key. A random secret makes the comparison fail.
        using var shared = PublicKey.TryImport(KeyAgreementAlgorithm.X25519, other.ToArray(), KeyBlobFormat.RawPublicKey, out var point)
            ? KeyAgreementAlgorithm.X25519.Agree(key, point!) : null;
        var secret = shared is null ? RandomNumberGenerator.GetBytes(32)
            : KeyDerivationAlgorithm.HkdfSha256.DeriveBytes(shared, salt: [], Purpose, 32);
        return HMACSHA256.HashData(secret, text);
    }
}
