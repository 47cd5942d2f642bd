using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Vprox.Identity;

/// <summary>
/// SHA-256 over a certificate's SubjectPublicKeyInfo, as RFC 7469 section 2.4 pins keys. It names the key, not the certificate: a node may
/// make the certificate anew and the pin stays.
/// </summary>
public sealed class TlsPin : IEquatable<TlsPin>
{
    private readonly byte[] _hash;

    private TlsPin(byte[] hash) => _hash = hash;

    /// <summary>The pin of a certificate's public key.</summary>
    public static TlsPin Of(X509Certificate2 certificate) => OfSubjectPublicKeyInfo(certificate.PublicKey.ExportSubjectPublicKeyInfo());

    /// <summary>Parses base64 of 32 bytes.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out TlsPin? pin)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        pin = text is { Length: 44 } && Convert.TryFromBase64String(text, hash, out var written) && written == hash.Length
            ? new TlsPin(hash.ToArray())
            : null;
        return pin is not null;
    }

    /// <summary>
    /// True when the certificate a server showed holds the pinned key, in constant time. For the validation callback of SslStream or
    /// HttpClient: the pin replaces the chain, so the callback ignores policy errors and returns this.
    /// </summary>
    /// <param name="certificate">What the server showed; null when it showed none, which never matches.</param>
    public bool Matches(X509Certificate? certificate)
    {
        if (certificate is null)
            return false;
        if (certificate is X509Certificate2 loaded)
            return Equals(Of(loaded));
        using var copy = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return Equals(Of(copy));
    }

    /// <inheritdoc/>
    public bool Equals(TlsPin? other) => other is not null && CryptographicOperations.FixedTimeEquals(_hash, other._hash);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TlsPin);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_hash);

    /// <summary>Base64, as messages carry it.</summary>
    public override string ToString() => Convert.ToBase64String(_hash);

    internal static TlsPin OfSubjectPublicKeyInfo(ReadOnlySpan<byte> info) => new(SHA256.HashData(info));
}
