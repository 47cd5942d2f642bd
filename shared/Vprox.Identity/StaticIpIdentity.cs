using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vprox.WireGuard;

namespace Vprox.Identity;

/// <summary>
/// The private keys of a static address. They belong to the address and follow it to any node, so that a client sees the same server
/// after a move. It has no text form, so that no log can hold it by accident.
/// </summary>
public sealed class StaticIpIdentity
{
    /// <summary>Bytes of <see cref="ToBytes"/>: version, WireGuard key, TLS key.</summary>
    public const int Size = 1 + WireGuardKey.Size + TlsKeySize;

    private const byte Version = 1;
    private const int TlsKeySize = 32;
    private static readonly TimeSpan CertificateLife = TimeSpan.FromDays(3650);

    private readonly byte[] _tlsKey;

    private StaticIpIdentity(WireGuardPrivateKey wireGuardPrivateKey, byte[] tlsKey)
    {
        WireGuardPrivateKey = wireGuardPrivateKey;
        _tlsKey = tlsKey;
        using var tls = OpenTlsKey();
        TlsPin = TlsPin.OfSubjectPublicKeyInfo(tls.ExportSubjectPublicKeyInfo());
        ServerPublicKey = wireGuardPrivateKey.PublicKey();
    }

    /// <summary>The address's WireGuard private key.</summary>
    public WireGuardPrivateKey WireGuardPrivateKey { get; }

    /// <summary>The public key that tunnels know the address by.</summary>
    public WireGuardKey ServerPublicKey { get; }

    /// <summary>The pin that workers know its HTTPS server by.</summary>
    public TlsPin TlsPin { get; }

    /// <summary>New random keys.</summary>
    public static StaticIpIdentity Generate()
    {
        using var tls = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new StaticIpIdentity(WireGuardPrivateKey.Generate(), tls.ExportParameters(includePrivateParameters: true).D!);
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="FormatException">Other length or version, or not keys.</exception>
    public static StaticIpIdentity FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size || bytes[0] != Version)
            throw new FormatException($"an identity has {Size} bytes and version {Version}");
        try
        {
            return new StaticIpIdentity(
                new WireGuardPrivateKey(bytes.Slice(1, WireGuardKey.Size)),
                bytes[(1 + WireGuardKey.Size)..].ToArray());
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw new FormatException("the bytes hold no usable keys", e);
        }
    }

    /// <summary>Both private keys, for <see cref="KeyEncryption"/> or <see cref="SealedIdentity"/> and nothing else. Zero it after use.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        bytes[0] = Version;
        WireGuardPrivateKey.Bytes.CopyTo(bytes.AsSpan(1));
        _tlsKey.CopyTo(bytes.AsSpan(1 + WireGuardKey.Size));
        return bytes;
    }

    /// <summary>
    /// A self-signed server certificate over the TLS key, with its private key, valid for ten years. Any node may make its own: the key and
    /// so the pin are the same. The caller disposes it.
    /// </summary>
    /// <param name="notBefore">Start of validity: some time before now, for clients whose clock is behind.</param>
    /// <param name="address">The static address; it becomes subject and subjectAltName.</param>
    public X509Certificate2 CreateCertificate(DateTimeOffset notBefore, IPAddress address)
    {
        using var tls = OpenTlsKey();
        var request = new CertificateRequest($"CN={address}", tls, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], critical: false));
        return request.CreateSelfSigned(notBefore, notBefore + CertificateLife);
    }

    /// <summary>Never the keys.</summary>
    public override string ToString() => "(identity)";

    // OpenSSL derives the public point from the private scalar when it is left out.
    private ECDsa OpenTlsKey() => ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = _tlsKey });
}
