using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Vprox.Identity;

/// <summary>Signs grants with ES256 (RFC 7518 section 3.4). The Allocator holds one; nodes know its public key from their placements.</summary>
public sealed class GrantSigner : IDisposable
{
    private readonly ECDsa _key;
    private readonly SigningCredentials _credentials;
    private readonly JsonWebTokenHandler _tokens = new() { SetDefaultTimesOnTokenCreation = false };

    private GrantSigner(ECDsa key)
    {
        _key = key;
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var jwk = new JsonWebKey
        {
            Kty = JsonWebAlgorithmsKeyTypes.EllipticCurve,
            Crv = JsonWebKeyECTypes.P256,
            X = Base64UrlEncoder.Encode(point.X),
            Y = Base64UrlEncoder.Encode(point.Y),
        };
        KeyId = Base64UrlEncoder.Encode(jwk.ComputeJwkThumbprint());
        Jwk = JsonSerializer.Serialize(
            new { kty = jwk.Kty, crv = jwk.Crv, x = jwk.X, y = jwk.Y, alg = SecurityAlgorithms.EcdsaSha256, use = "sig", kid = KeyId });
        // The library's own cache is for the whole process and by key id: another signer of the same key would be given this one's ECDsa, disposed or not.
        var providers = new CryptoProviderFactory { CacheSignatureProviders = false };
        _credentials = new SigningCredentials(new ECDsaSecurityKey(key) { KeyId = KeyId, CryptoProviderFactory = providers }, SecurityAlgorithms.EcdsaSha256);
    }

    /// <summary>The key's JWK thumbprint (RFC 7638), the <c>kid</c> of its tokens.</summary>
    public string KeyId { get; }

    /// <summary>The public key as a JSON Web Key, for <c>StaticIpPlaced.GrantKeys</c>.</summary>
    public string Jwk { get; }

    /// <summary>A new random key.</summary>
    public static GrantSigner Generate() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Takes the private key that <see cref="ExportPrivateKey"/> gave.</summary>
    /// <exception cref="CryptographicException">Not a P-256 private key.</exception>
    public static GrantSigner FromPrivateKey(ReadOnlySpan<byte> privateKey) =>
        new(ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = privateKey.ToArray() }));

    /// <summary>The private key (32 bytes), for <see cref="KeyEncryption"/> and nothing else.</summary>
    public byte[] ExportPrivateKey() => _key.ExportParameters(includePrivateParameters: true).D!;

    /// <summary>The token: secret, never logged. Its end is in whole seconds.</summary>
    public string Sign(Grant grant) =>
        _tokens.CreateToken(new SecurityTokenDescriptor { Claims = GrantClaims.Write(grant), SigningCredentials = _credentials });

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
