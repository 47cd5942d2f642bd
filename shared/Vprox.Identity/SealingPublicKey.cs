using System.Diagnostics.CodeAnalysis;
using NSec.Cryptography;

namespace Vprox.Identity;

/// <summary>The X25519 public key of a node that identities are sealed to, as NodeJoined carries it.</summary>
public sealed class SealingPublicKey : IEquatable<SealingPublicKey>
{
    private readonly PublicKey _key;

    internal SealingPublicKey(PublicKey key) => _key = key;

    internal PublicKey Key => _key;

    /// <summary>Parses base64 of 32 bytes; the zero key is refused.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out SealingPublicKey? key)
    {
        key = null;
        Span<byte> bytes = stackalloc byte[32];
        if (text is { Length: 44 }
            && Convert.TryFromBase64String(text, bytes, out var written) && written == bytes.Length
            && bytes.IndexOfAnyExcept((byte)0) >= 0
            && PublicKey.TryImport(KeyAgreementAlgorithm.X25519, bytes, KeyBlobFormat.RawPublicKey, out var imported))
            key = new SealingPublicKey(imported!);
        return key is not null;
    }

    /// <summary>Parses base64 of 32 bytes.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static SealingPublicKey Parse(string text) =>
        TryParse(text, out var key) ? key : throw new FormatException("not a sealing key: 32 bytes in base64 (44 characters), not all zero");

    /// <inheritdoc/>
    public bool Equals(SealingPublicKey? other) => other is not null && _key.Equals(other._key);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SealingPublicKey);

    /// <inheritdoc/>
    public override int GetHashCode() => _key.GetHashCode();

    /// <summary>Base64, as NodeJoined carries it.</summary>
    public override string ToString() => Convert.ToBase64String(_key.Export(KeyBlobFormat.RawPublicKey));
}
