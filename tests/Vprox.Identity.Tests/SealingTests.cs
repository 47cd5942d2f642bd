using System.Net;
using System.Security.Cryptography;
using System.Text;
using CsCheck;

namespace Vprox.Identity.Tests;

public sealed class SealingTests
{
    private static readonly IPAddress Address = IPAddress.Parse("192.0.2.7");
    private static readonly byte[] Context = Encoding.ASCII.GetBytes("context");

    [Fact]
    public void What_is_sealed_opens_with_the_key_and_context_it_was_sealed_for() =>
        Gen.Byte.Array[0, 200].Sample(plaintext =>
        {
            var key = SealingKey.Generate();
            var box = SealedBox.Seal(SealingPublicKey.Parse(key.PublicKey.ToString()), plaintext, Context);
            Assert.Equal(plaintext.Length + SealedBox.Overhead, box.Length);
            Assert.Equal(plaintext, SealedBox.Open(key, box, Context));
        }, iter: 200);

    [Fact]
    public void Any_changed_bit_is_noticed()
    {
        var key = SealingKey.Generate();
        var box = SealedBox.Seal(key.PublicKey, [1, 2, 3, 4], Context);
        for (var bit = 0; bit < box.Length * 8; bit++)
        {
            var changed = box.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<CryptographicException>(() => SealedBox.Open(key, changed, Context));
        }
        for (var length = 0; length < box.Length; length++)
            Assert.Throws<CryptographicException>(() => SealedBox.Open(key, box.AsSpan(0, length), Context));
    }

    [Fact]
    public void Another_key_or_context_opens_nothing()
    {
        var key = SealingKey.Generate();
        var box = SealedBox.Seal(key.PublicKey, [1], Context);
        Assert.Throws<CryptographicException>(() => SealedBox.Open(SealingKey.Generate(), box, Context));
        Assert.Throws<CryptographicException>(() => SealedBox.Open(key, box, "other"u8));
    }

    [Fact]
    public void A_sealed_identity_is_bound_to_its_address_and_node()
    {
        var key = SealingKey.Generate();
        var identity = StaticIpIdentity.Generate();
        var text = SealedIdentity.Seal(identity, key.PublicKey, Address, "i-1");
        Assert.Equal(identity.TlsPin, SealedIdentity.Open(key, text, Address, "i-1").TlsPin);
        Assert.Throws<CryptographicException>(() => SealedIdentity.Open(key, text, Address, "i-2"));
        Assert.Throws<CryptographicException>(() => SealedIdentity.Open(key, text, IPAddress.Parse("192.0.2.8"), "i-1"));
        Assert.Throws<CryptographicException>(() => SealedIdentity.Open(key, "", Address, "i-1"));
        Assert.Throws<CryptographicException>(() => SealedIdentity.Open(key, text + "AAAA", Address, "i-1"));
        Assert.Throws<CryptographicException>(() => SealedIdentity.Open(key, "not base64!", Address, "i-1"));
    }

    [Fact]
    public void A_low_order_public_key_seals_nothing()
    {
        var one = new byte[32];
        one[0] = 1; // a point of order 4 or less: RFC 7748 section 6.1 says to check
        Assert.Throws<CryptographicException>(() => SealedBox.Seal(SealingPublicKey.Parse(Convert.ToBase64String(one)), [1], Context));
        Assert.False(SealingPublicKey.TryParse(Convert.ToBase64String(new byte[32]), out _));
        Assert.False(SealingPublicKey.TryParse("x", out _));
    }
}
