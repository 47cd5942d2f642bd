using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace Vprox.Identity;

/// <summary>
/// Encrypts to a node's public key (ECIES): an ephemeral X25519 key, HKDF-SHA256 salted with both public keys, ChaCha20-Poly1305. Every box has a
/// key of its own, so the nonce can be zero. Form: version, ephemeral public key (32), ciphertext with its tag (16).
/// </summary>
public static class SealedBox
{
    /// <summary>Bytes that a box is longer than its content.</summary>
    public const int Overhead = 1 + KeySize + 16;

    private const byte Version = 1;
    private const int KeySize = 32;
    private static readonly byte[] Info = Encoding.ASCII.GetBytes("vprox sealed box 1");
    private static readonly byte[] Nonce = new byte[12];

    /// <summary>Seals bytes so that only the owner of the key opens them, and only in the same context.</summary>
    /// <param name="recipient">The node's public key.</param>
    /// <param name="plaintext">What to seal; may be empty.</param>
    /// <param name="context">Authenticated, not encrypted and not carried: opening needs the same bytes.</param>
    /// <exception cref="CryptographicException">The public key is of low order and agrees on no secret.</exception>
    public static byte[] Seal(SealingPublicKey recipient, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> context)
    {
        using var ephemeral = Key.Create(KeyAgreementAlgorithm.X25519);
        var box = new byte[plaintext.Length + Overhead];
        box[0] = Version;
        ephemeral.PublicKey.Export(KeyBlobFormat.RawPublicKey).CopyTo(box.AsSpan(1));
        using var key = Derive(ephemeral, recipient.Key, box.AsSpan(1, KeySize), recipient.Key)
            ?? throw new CryptographicException("the recipient's public key agrees on no secret");
        AeadAlgorithm.ChaCha20Poly1305.Encrypt(key, Nonce, context, plaintext, box.AsSpan(1 + KeySize));
        return box;
    }

    /// <summary>Opens a box.</summary>
    /// <exception cref="CryptographicException">Sealed to another key or in another context, changed, cut short, or of another version.</exception>
    public static byte[] Open(SealingKey recipient, ReadOnlySpan<byte> box, ReadOnlySpan<byte> context)
    {
        if (box.Length < Overhead || box[0] != Version)
            throw new CryptographicException($"not a sealed box of version {Version}");
        var sender = box.Slice(1, KeySize);
        using var own = recipient.Open();
        using var key = PublicKey.TryImport(KeyAgreementAlgorithm.X25519, sender, KeyBlobFormat.RawPublicKey, out var ephemeral)
            ? Derive(own, ephemeral!, sender, recipient.PublicKey.Key)
            : null;
        return key is not null && AeadAlgorithm.ChaCha20Poly1305.Decrypt(key, Nonce, context, box[(1 + KeySize)..]) is { } plaintext
            ? plaintext
            : throw new CryptographicException("the sealed box was made for another key or context, or was changed");
    }

    private static Key? Derive(Key own, PublicKey other, ReadOnlySpan<byte> ephemeral, PublicKey recipient)
    {
        using var secret = KeyAgreementAlgorithm.X25519.Agree(own, other);
        if (secret is null)
            return null;
        byte[] salt = [.. ephemeral, .. recipient.Export(KeyBlobFormat.RawPublicKey)];
        return KeyDerivationAlgorithm.HkdfSha256.DeriveKey(secret, salt, Info, AeadAlgorithm.ChaCha20Poly1305);
    }
}
