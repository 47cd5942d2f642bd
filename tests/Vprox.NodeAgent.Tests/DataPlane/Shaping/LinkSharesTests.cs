using CsCheck;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane.Shaping;

namespace Vprox.NodeAgent.Tests.DataPlane.Shaping;

public sealed class LinkSharesTests
{
    // 100 Mbit/s are 12,500,000 bytes of IP packets a second; each of 1,420 is a frame of 1,434.
    private const ulong HundredMbpsOnWire = 12_623_239;

    [Fact]
    public void Rates_are_of_IP_packets_and_the_kernel_counts_frames()
    {
        var spec = new LinkShares(new ShapingOptions(1_000), 100).Of(new Bandwidth(50, 100));

        Assert.Equal((HundredMbpsOnWire / 2, HundredMbpsOnWire), (spec.Rate, spec.Ceiling));
    }

    [Fact]
    public void Without_a_ceiling_an_address_may_have_the_link() =>
        Assert.Equal(125_000_000ul, new LinkShares(new ShapingOptions(1_000), 0).Of(Bandwidth.Any).Ceiling);

    [Fact]
    public void Guarantees_are_kept_in_proportion_where_the_link_carries_less()
    {
        // Every packet crosses the link twice: 1,000 Mbit/s carry guarantees of 500.
        var shares = new LinkShares(new ShapingOptions(1_000), 1_000);

        Assert.Equal(0.5, shares.Kept);
        Assert.Equal(HundredMbpsOnWire / 2, shares.Of(new Bandwidth(100, null)).Rate);
        Assert.Equal(1, new LinkShares(new ShapingOptions(1_000), 500).Kept);
        Assert.Equal(1, new LinkShares(new ShapingOptions(), 100_000).Kept);
    }

    [Fact]
    public void The_classes_below_the_link_are_never_guaranteed_more_than_it_carries() =>
        Gen.Select(Gen.Int[10, 100_000], Gen.Int[1, 5_000].Array[0, 30]).Sample((link, guaranteed) =>
        {
            var shares = new LinkShares(new ShapingOptions(link), guaranteed.Sum(rate => (long)rate));
            var addresses = guaranteed.Select(rate => new Bandwidth(rate, null)).ToList();

            var sum = addresses.Select(address => shares.Of(address).Rate).Append(shares.RestOf(addresses).Rate).Aggregate(0ul, (all, rate) => all + rate);

            // What has no guarantee has 1,000 bytes a second, for HTB knows no rate of zero.
            Assert.True(sum <= shares.Top.Rate + (1_000ul * (ulong)addresses.Count), $"{sum} of {shares.Top.Rate}");
            Assert.All(addresses.Select(shares.Of), spec => Assert.True(spec.Rate <= spec.Ceiling));
        });

    [Theory]
    [InlineData("ens5", "vpi-ens5")]
    [InlineData("enp0s31f6x1", "vpi-enp0s31f6x1")]
    [InlineData("enx001122334455", "vpi-1f8ccf39e79")]
    public void An_ifb_bears_its_links_name_or_its_hash(string link, string block)
    {
        Assert.Equal(block.Length, ShapingTree.BlockOf(link).Length);
        Assert.True(ShapingTree.IsBlock(ShapingTree.BlockOf(link)));
        if (link.Length <= 11)
            Assert.Equal(block, ShapingTree.BlockOf(link));
    }
}
