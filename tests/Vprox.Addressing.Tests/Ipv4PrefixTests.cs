using System.Net;
using CsCheck;
using Vprox.Addressing;

namespace Vprox.Addressing.Tests;

public class Ipv4PrefixTests
{
    private static readonly Gen<Ipv4Prefix> Prefixes =
        Gen.Select(Gen.UInt, Gen.Int[0, 32], (address, length) => Ipv4Prefix.Containing(Ipv4.FromUInt32(address), length));

    [Fact]
    public void Text_and_value_are_the_same_thing() =>
        Prefixes.Sample(prefix => Ipv4Prefix.Parse(prefix.ToString()) == prefix);

    [Fact]
    public void Every_offset_finds_its_way_back() =>
        Gen.Select(Prefixes, Gen.Double[0, 1]).Sample((prefix, share) =>
        {
            var offset = (long)(share * (prefix.Count - 1));
            return prefix.OffsetOf(prefix.AddressAt(offset)) == offset && prefix.Contains(prefix.AddressAt(offset));
        });

    [Fact]
    public void A_subnet_lies_in_its_prefix_and_apart_from_its_neighbour() =>
        Gen.Select(Gen.UInt, Gen.Int[0, 30]).Sample((address, length) =>
        {
            var prefix = Ipv4Prefix.Containing(Ipv4.FromUInt32(address), length);
            var first = prefix.Subnet(length + 1, 0);
            var second = prefix.Subnet(length + 1, 1);
            return prefix.Contains(first) && prefix.Contains(second) && !first.Contains(second.Network) && !second.Contains(first.Network);
        });

    [Theory]
    [InlineData("10.0.0.1/24")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/ 8")]
    [InlineData("10.0.0/8")]
    [InlineData("010.0.0.0/8")]
    [InlineData("10.0.0.0")]
    [InlineData("fe80::/10")]
    [InlineData("/8")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_not_canonical_is_refused(string? text) => Assert.False(Ipv4Prefix.TryParse(text, out _));

    [Fact]
    public void An_offset_outside_is_refused()
    {
        var prefix = Ipv4Prefix.Parse("10.0.0.0/30");
        Assert.Throws<ArgumentOutOfRangeException>(() => prefix.AddressAt(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => prefix.AddressAt(-1));
        Assert.Throws<ArgumentException>(() => prefix.OffsetOf(IPAddress.Parse("10.0.0.4")));
    }

    [Theory]
    [InlineData("127.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("1.2.3.4 ")]
    [InlineData("::ffff:1.2.3.4")]
    [InlineData("256.0.0.1")]
    public void Lax_spellings_of_an_address_are_refused(string text) => Assert.False(Ipv4.TryParse(text, out _));
}
