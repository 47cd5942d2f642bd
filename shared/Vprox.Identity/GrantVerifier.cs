using System.Net;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Vprox.Addressing;

namespace Vprox.Identity;

/// <summary>
/// Verifies grants for one static address without asking anyone. Tokens come from the internet: whatever they hold, the answer is a verdict
/// and never an exception.
/// </summary>
public sealed class GrantVerifier
{
    /// <summary>Longest token looked at, in characters; one with 156 blocks has about 6,000, one with 312 of 128 ports 13,000.</summary>
    public const int MaximumTokenLength = 15 * 1024;

    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private readonly JsonWebTokenHandler _tokens = new() { MaximumTokenSizeInBytes = MaximumTokenLength };
    private readonly TokenValidationParameters _parameters;
    private readonly Ipv4Prefix _inner;
    private readonly int _blockSize;
    private readonly TimeProvider _time;

    /// <summary>Takes what StaticIpPlaced says of the address.</summary>
    /// <param name="keys">JSON Web Keys that may sign. Those that are not EC P-256 are passed over, so that newer kinds may be added; with none left every
    /// token is refused.</param>
    /// <param name="address">The static address; a token for another is refused.</param>
    /// <param name="inner">Its inner /22.</param>
    /// <param name="time">The clock; 30 s of difference to the issuer's are allowed.</param>
    /// <param name="blockSize">Ports in one of its blocks.</param>
    public GrantVerifier(IEnumerable<string> keys, IPAddress address, Ipv4Prefix inner, TimeProvider time, int blockSize = AddressLayout.BlockSize)
    {
        _inner = inner;
        _blockSize = blockSize;
        _time = time;
        _parameters = new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKeys = keys.Select(ReadKey).OfType<SecurityKey>().ToList(),
            TryAllIssuerSigningKeys = false,
            ValidIssuer = GrantClaims.Issuer,
            ValidAudience = address.ToString(),
            LifetimeValidator = IsAlive,
        };
    }

    /// <summary>Verifies a bearer token.</summary>
    /// <param name="token">As it came; null is refused like any other.</param>
    public async Task<GrantVerdict> VerifyAsync(string? token)
    {
        if (token is { Length: > MaximumTokenLength })
            return GrantVerdict.Refused(GrantRefusal.TooLarge, $"A token has at most {MaximumTokenLength} characters.");
        try
        {
            var result = await _tokens.ValidateTokenAsync(token, _parameters).ConfigureAwait(false);
            return result.IsValid ? Read((JsonWebToken)result.SecurityToken) : Refuse(result.Exception);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or JsonException or InvalidOperationException)
        {
            return Malformed;
        }
    }

    private static GrantVerdict Malformed { get; } = GrantVerdict.Refused(GrantRefusal.Malformed, "This is not a grant.");

    private GrantVerdict Read(JsonWebToken token)
    {
        using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        if (GrantClaims.Read(payload.RootElement) is not { } grant)
            return Malformed;
        return grant.Misfit(_inner, new BlockLayout(_blockSize)) is { } misfit
            ? GrantVerdict.Refused(GrantRefusal.Misfit, $"The grant does not fit the address: {misfit}.")
            : GrantVerdict.Granted(grant);
    }

    private static GrantVerdict Refuse(Exception? exception) => exception switch
    {
        SecurityTokenInvalidAudienceException => GrantVerdict.Refused(GrantRefusal.OtherAddress, "The grant is for another address."),
        SecurityTokenInvalidIssuerException => GrantVerdict.Refused(GrantRefusal.OtherIssuer, "The grant comes from another issuer."),
        SecurityTokenInvalidLifetimeException => GrantVerdict.Refused(GrantRefusal.Expired, "The grant has expired."),
        SecurityTokenInvalidAlgorithmException => GrantVerdict.Refused(GrantRefusal.OtherAlgorithm, "The grant is not signed with ES256."),
        SecurityTokenSignatureKeyNotFoundException => GrantVerdict.Refused(GrantRefusal.UnknownKey, "The grant is signed with a key that is not known here."),
        SecurityTokenInvalidSignatureException => GrantVerdict.Refused(GrantRefusal.BadSignature, "The grant's signature is wrong."),
        _ => Malformed,
    };

    private bool IsAlive(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        return expires > now - ClockSkew && !(notBefore > now + ClockSkew) && ((JsonWebToken)token).IssuedAt <= now + ClockSkew;
    }

    private static JsonWebKey? ReadKey(string text)
    {
        try
        {
            var key = new JsonWebKey(text);
            return key is { Kty: JsonWebAlgorithmsKeyTypes.EllipticCurve, Crv: JsonWebKeyECTypes.P256 } ? key : null;
        }
        catch (Exception e) when (e is ArgumentException or JsonException)
        {
            return null;
        }
    }
}
