using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.IdentityModel.Tokens;
using Vprox.Addressing;
using Vprox.WireGuard;

namespace Vprox.Identity.Tests;

public sealed class GrantTests : IDisposable
{
    private static readonly Ipv4Prefix Inner = Ipv4Prefix.Parse("240.0.4.0/22");
    private static readonly IPAddress Address = IPAddress.Parse("192.0.2.7");
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly GrantSigner _signer = GrantSigner.Generate();

    public void Dispose() => _signer.Dispose();

    private static Grant GrantOf(params int[] blocks) => new()
    {
        Address = Address,
        PeerPublicKey = WireGuardPrivateKey.Generate().PublicKey(),
        WorkspaceId = "ws-1",
        ProxyId = "proxy-1",
        InnerAddresses = blocks.Select(block => AddressLayout.AddressOfBlock(Inner, block)).ToList(),
        PortBlocks = blocks.Select(AddressLayout.PortsOfBlock).ToList(),
        IssuedAt = Now,
        ExpiresAt = Now.AddHours(24),
    };

    private GrantVerifier Verifier(DateTimeOffset now, params string[] keys) =>
        new(keys.Length > 0 ? keys : [_signer.Jwk], Address, Inner, new FixedTime(now));

    private async Task<GrantRefusal> RefusalOf(string? token, DateTimeOffset? now = null)
    {
        var verdict = await Verifier(now ?? Now).VerifyAsync(token);
        Assert.Equal(verdict.IsGranted, verdict.Reason.Length == 0);
        return verdict.Refusal;
    }

    [Fact]
    public async Task A_grant_says_the_same_after_its_way_as_a_token()
    {
        foreach (var grant in new[] { GrantOf(0, 155), GrantOf(Enumerable.Range(0, 156).ToArray()), Shared() })
        {
            var verdict = await Verifier(Now.AddHours(1)).VerifyAsync(_signer.Sign(grant));
            Assert.True(verdict.IsGranted, verdict.Reason);
            Assert.Equal(grant.InnerAddresses, verdict.Grant.InnerAddresses);
            Assert.Equal(grant.PortBlocks, verdict.Grant.PortBlocks);
            Assert.Equal(
                grant with { InnerAddresses = [], PortBlocks = [] },
                verdict.Grant with { InnerAddresses = [], PortBlocks = [] });
        }
    }

    [Fact]
    public async Task The_order_of_grants_is_kept_to_the_millisecond_and_other_sizes_of_blocks_fit()
    {
        var layout = new BlockLayout(128);
        var grant = GrantOf() with
        {
            IssuedAt = Now.AddMilliseconds(123),
            InnerAddresses = Enumerable.Range(0, layout.Count).Select(block => layout.AddressOf(Inner, block)).ToList(),
            PortBlocks = Enumerable.Range(0, layout.Count).Select(layout.PortsOf).ToList(),
        };
        var token = _signer.Sign(grant);
        Assert.True(token.Length < GrantVerifier.MaximumTokenLength, $"{token.Length}");
        var verdict = await new GrantVerifier([_signer.Jwk], Address, Inner, new FixedTime(Now.AddHours(1)), layout.Size).VerifyAsync(token);
        Assert.True(verdict.IsGranted, verdict.Reason);
        Assert.Equal(grant.IssuedAt, verdict.Grant.IssuedAt);
        Assert.Equal(GrantRefusal.Misfit, await RefusalOf(token, Now.AddHours(1)));
    }

    [Fact]
    public async Task A_signer_signs_although_another_of_the_same_key_was_disposed()
    {
        using (var first = GrantSigner.FromPrivateKey(_signer.ExportPrivateKey()))
            first.Sign(GrantOf(0));
        using var second = GrantSigner.FromPrivateKey(_signer.ExportPrivateKey());

        Assert.Equal(GrantRefusal.None, await RefusalOf(second.Sign(GrantOf(0))));
    }

    [Fact]
    public async Task A_signer_from_its_stored_key_signs_for_the_same_nodes()
    {
        using var again = GrantSigner.FromPrivateKey(_signer.ExportPrivateKey());
        Assert.Equal(_signer.KeyId, again.KeyId);
        Assert.Equal(_signer.Jwk, again.Jwk);
        Assert.Equal(GrantRefusal.None, await RefusalOf(again.Sign(GrantOf(3))));
        Assert.DoesNotContain("\"d\"", _signer.Jwk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_of_other_kinds_are_passed_over_and_no_key_refuses_all()
    {
        var token = _signer.Sign(GrantOf(1));
        Assert.True((await Verifier(Now, "{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}", "no json", _signer.Jwk).VerifyAsync(token)).IsGranted);
        Assert.Equal(GrantRefusal.UnknownKey, (await Verifier(Now, "no json").VerifyAsync(token)).Refusal);
        Assert.Equal(GrantRefusal.UnknownKey, (await new GrantVerifier([], Address, Inner, new FixedTime(Now)).VerifyAsync(token)).Refusal);
    }

    [Fact]
    public async Task A_foreign_expired_or_future_grant_is_refused_by_name()
    {
        using var foreign = GrantSigner.Generate();
        Assert.Equal(GrantRefusal.UnknownKey, await RefusalOf(foreign.Sign(GrantOf(1))));
        Assert.Equal(GrantRefusal.OtherAddress, await RefusalOf(_signer.Sign(GrantOf(1) with { Address = IPAddress.Parse("192.0.2.8") })));
        Assert.Equal(GrantRefusal.Expired, await RefusalOf(_signer.Sign(GrantOf(1)), Now.AddHours(25)));
        Assert.Equal(GrantRefusal.Expired, await RefusalOf(_signer.Sign(GrantOf(1)), Now.AddHours(-1)));
        Assert.Equal(GrantRefusal.None, await RefusalOf(_signer.Sign(GrantOf(1)), Now.AddSeconds(-10)));
    }

    [Fact]
    public async Task Blocks_and_inner_addresses_must_belong_together()
    {
        Grant[] wrong =
        [
            GrantOf(1) with { PortBlocks = [AddressLayout.PortsOfBlock(2)] },
            GrantOf(1) with { PortBlocks = [] },
            GrantOf(1, 2) with { PortBlocks = [AddressLayout.PortsOfBlock(1)] },
            GrantOf(1, 1),
            GrantOf(),
            Shared() with { PortBlocks = [AddressLayout.PortsOfBlock(1)] },
            Shared() with { InnerAddresses = [AddressLayout.ServerAddress(Inner)] },
            Shared() with { InnerAddresses = [IPAddress.Parse("10.0.0.1")] },
            Shared() with { InnerAddresses = [Inner.AddressAt(Inner.Count - 1)] },
        ];
        foreach (var grant in wrong)
            Assert.Equal(GrantRefusal.Misfit, await RefusalOf(_signer.Sign(grant)));
    }

    [Fact]
    public async Task A_token_without_a_signature_or_with_another_algorithm_is_refused()
    {
        var parts = _signer.Sign(GrantOf(1)).Split('.');
        var none = Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""");
        Assert.NotEqual(GrantRefusal.None, await RefusalOf($"{none}.{parts[1]}."));
        Assert.NotEqual(GrantRefusal.None, await RefusalOf($"{none}.{parts[1]}.{parts[2]}"));
        Assert.NotEqual(GrantRefusal.None, await RefusalOf($"{parts[0]}.{parts[1]}."));

        // The classic confusion: the public key used as an HMAC secret.
        var header = Base64UrlEncoder.Encode($$"""{"alg":"HS256","kid":"{{_signer.KeyId}}"}""");
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(_signer.Jwk), Encoding.ASCII.GetBytes($"{header}.{parts[1]}"));
        Assert.NotEqual(GrantRefusal.None, await RefusalOf($"{header}.{parts[1]}.{Base64UrlEncoder.Encode(mac)}"));
    }

    [Theory]
    [InlineData("iss", "\"someone\"", GrantRefusal.OtherIssuer)]
    [InlineData("iss", null, GrantRefusal.OtherIssuer)]
    [InlineData("aud", null, GrantRefusal.OtherAddress)]
    [InlineData("aud", "[\"192.0.2.7\",\"192.0.2.8\"]", GrantRefusal.Malformed)]
    [InlineData("exp", null, GrantRefusal.Expired)]
    [InlineData("exp", "\"never\"", null)]
    [InlineData("exp", "1e300", null)]
    [InlineData("iat", null, GrantRefusal.Malformed)]
    [InlineData("sub", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"", GrantRefusal.Malformed)]
    [InlineData("sub", "17", GrantRefusal.Malformed)]
    [InlineData("ws", "\"\"", GrantRefusal.Malformed)]
    [InlineData("proxy", "{}", GrantRefusal.Malformed)]
    [InlineData("inner", "\"240.0.4.3\"", GrantRefusal.Malformed)]
    [InlineData("inner", "[240]", GrantRefusal.Malformed)]
    [InlineData("inner", "[\"10.1\"]", GrantRefusal.Malformed)]
    [InlineData("inner", "[null]", GrantRefusal.Malformed)]
    [InlineData("blocks", "[\"1-0\"]", GrantRefusal.Malformed)]
    [InlineData("blocks", null, GrantRefusal.Malformed)]
    public async Task A_well_signed_token_with_a_claim_of_another_shape_is_refused(string claim, string? json, GrantRefusal? refusal)
    {
        var parts = _signer.Sign(GrantOf(1)).Split('.');
        var payload = JsonNode.Parse(Base64UrlEncoder.Decode(parts[1]))!.AsObject();
        payload.Remove(claim);
        if (json is not null)
            payload[claim] = JsonNode.Parse(json);
        var actual = await RefusalOf(SignRaw(parts[0], payload.ToJsonString()));
        Assert.NotEqual(GrantRefusal.None, actual);
        if (refusal is not null)
            Assert.Equal(refusal, actual);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("")]
    [InlineData("{")]
    public async Task A_well_signed_token_whose_payload_is_no_object_is_refused(string payload) =>
        Assert.NotEqual(GrantRefusal.None, await RefusalOf(SignRaw(_signer.Sign(GrantOf(1)).Split('.')[0], payload)));

    [Fact]
    public async Task No_text_makes_the_verifier_throw_or_grant()
    {
        var verifier = Verifier(Now);
        var valid = _signer.Sign(GrantOf(1));
        await Gen.OneOf(Gen.String, Gen.String[Gen.Char["abcXYZ019-_.= {}\""], 0, 60], Gen.Int[0, valid.Length - 1].Select(cut => valid[..cut]))
            .SampleAsync(async text => Assert.False((await verifier.VerifyAsync(text)).IsGranted), iter: 2_000);
        Assert.Equal(GrantRefusal.Malformed, (await verifier.VerifyAsync(null)).Refusal);
        Assert.Equal(GrantRefusal.TooLarge, (await verifier.VerifyAsync(new string('a', 10_000_000))).Refusal);
    }

    [Fact]
    public async Task A_changed_character_of_a_token_never_grants()
    {
        var token = _signer.Sign(GrantOf(1));
        var verifier = Verifier(Now);
        for (var i = 0; i < token.Length - 1; i++)
        {
            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.False((await verifier.VerifyAsync(changed)).IsGranted, $"character {i}");
        }
    }

    private static Grant Shared() => GrantOf() with { InnerAddresses = [AddressLayout.SharedAddresses(Inner).First()] };

    private string SignRaw(string header, string payload)
    {
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = _signer.ExportPrivateKey() });
        var signed = $"{header}.{Base64UrlEncoder.Encode(payload)}";
        return $"{signed}.{Base64UrlEncoder.Encode(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
