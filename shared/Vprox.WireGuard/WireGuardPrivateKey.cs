using System.Security.Cryptography;
using NSec.Cryptography;

namespace Vprox.WireGuard;

/// <summary>A Curve25519 private key. It has no text form, so that no log or message can hold it by accident.</summary>
public sealed class WireGuardPrivateKey : IEquatable<WireGuardPrivateKey>
{
    private readonly byte[] _bytes;

    /// <summary>Takes 32 bytes and clamps them, as wg(8) and RFC 7748 section 5 do.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes, or all zero.</exception>
    public WireGuardPrivateKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != WireGuardKey.Size || bytes.IndexOfAnyExcept((byte)0) < 0)
            throw new ArgumentException("a WireGuard private key has 32 bytes, not all zero", nameof(bytes));
        _bytes = bytes.ToArray();
        _bytes[0] &= 248;
        _bytes[31] = (byte)((_bytes[31] & 127) | 64);
    }

    /// <summary>A new random key.</summary>
    public static WireGuardPrivateKey Generate() => new(RandomNumberGenerator.GetBytes(WireGuardKey.Size));

    /// <summary>The 32 bytes, for the kernel or for sealing.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The public key that belongs to it.</summary>
    public WireGuardKey PublicKey()
    {
        using var key = Key.Import(KeyAgreementAlgorithm.X25519, _bytes, KeyBlobFormat.RawPrivateKey);
        return new WireGuardKey(key.PublicKey.Export(KeyBlobFormat.RawPublicKey));
    }

    /// <inheritdoc/>
    public bool Equals(WireGuardPrivateKey? other) => other is not null && CryptographicOperations.FixedTimeEquals(_bytes, other._bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as WireGuardPrivateKey);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(SHA256.HashData(_bytes));

    /// <summary>Never the key.</summary>
    public override string ToString() => "(private key)";
}
