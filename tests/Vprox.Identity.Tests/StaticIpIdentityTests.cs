using System.Net;
using System.Security.Cryptography.X509Certificates;
using CsCheck;

namespace Vprox.Identity.Tests;

public sealed class StaticIpIdentityTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly IPAddress Address = IPAddress.Parse("192.0.2.7");

    [Fact]
    public void An_identity_survives_its_bytes()
    {
        var identity = StaticIpIdentity.Generate();
        var read = StaticIpIdentity.FromBytes(identity.ToBytes());
        Assert.Equal(identity.WireGuardPrivateKey, read.WireGuardPrivateKey);
        Assert.Equal(identity.ServerPublicKey, read.ServerPublicKey);
        Assert.Equal(identity.TlsPin, read.TlsPin);
    }

    [Fact]
    public void Two_nodes_make_other_certificates_with_the_same_pin()
    {
        var bytes = StaticIpIdentity.Generate().ToBytes();
        using var first = StaticIpIdentity.FromBytes(bytes).CreateCertificate(Start, Address);
        using var second = StaticIpIdentity.FromBytes(bytes).CreateCertificate(Start.AddDays(1), Address);
        Assert.NotEqual(first.Thumbprint, second.Thumbprint);
        Assert.Equal(TlsPin.Of(first), TlsPin.Of(second));
        Assert.True(StaticIpIdentity.FromBytes(bytes).TlsPin.Matches(first));
        Assert.True(first.HasPrivateKey);
        Assert.True(first.MatchesHostname("192.0.2.7"));
    }

    [Fact]
    public void A_pin_matches_no_other_key_and_no_absent_certificate()
    {
        using var certificate = StaticIpIdentity.Generate().CreateCertificate(Start, Address);
        var other = StaticIpIdentity.Generate().TlsPin;
        Assert.False(other.Matches(certificate));
        Assert.False(other.Matches(null));
        Assert.False(TlsPin.TryParse("AAAA", out _));
        Assert.False(TlsPin.TryParse(null, out _));
        Assert.True(TlsPin.TryParse(other.ToString(), out var parsed));
        Assert.Equal(other, parsed);
    }

    [Fact]
    public void Other_bytes_are_refused_with_a_format_exception() =>
        Gen.Byte.Array[0, 80].Sample(bytes =>
        {
            if (bytes.Length == StaticIpIdentity.Size)
                bytes[0] = 9;
            Assert.Throws<FormatException>(() => StaticIpIdentity.FromBytes(bytes));
        }, iter: 500);

    [Fact]
    public void Zero_keys_are_refused()
    {
        var bytes = new byte[StaticIpIdentity.Size];
        bytes[0] = 1;
        Assert.Throws<FormatException>(() => StaticIpIdentity.FromBytes(bytes));
        bytes[1] = 1;
        Assert.Throws<FormatException>(() => StaticIpIdentity.FromBytes(bytes));
    }

    [Fact]
    public void Its_text_holds_no_key() => Assert.Equal("(identity)", StaticIpIdentity.Generate().ToString());
}
