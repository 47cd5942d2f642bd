using CsCheck;
using Vprox.Addressing;

namespace Vprox.Addressing.Tests;

public class AddressLayoutTests
{
    private static readonly Ipv4Prefix Inner = Ipv4Prefix.Parse("240.0.4.0/22");

    [Fact]
    public void Every_port_above_1023_has_exactly_one_use()
    {
        var uses = new int[65536];
        for (var block = 0; block < AddressLayout.BlockCount; block++)
            Mark(AddressLayout.PortsOfBlock(block));
        Mark(AddressLayout.SharedPorts);
        Mark(AddressLayout.ListenPorts);

        Assert.All(uses[..1024], count => Assert.Equal(0, count));
        Assert.All(uses[1024..], count => Assert.Equal(1, count));

        void Mark(PortRange range)
        {
            for (int port = range.First; port <= range.Last; port++)
                uses[port]++;
        }
    }

    [Fact]
    public void Block_and_inner_address_name_each_other() =>
        Gen.Int[0, AddressLayout.BlockCount - 1].Sample(block =>
            AddressLayout.BlockOf(Inner, AddressLayout.AddressOfBlock(Inner, block)) == block);

    [Fact]
    public void No_shared_address_owns_a_block_and_none_is_network_server_or_broadcast()
    {
        var shared = AddressLayout.SharedAddresses(Inner).ToList();
        Assert.Equal(865, shared.Distinct().Count());
        Assert.All(shared, address => Assert.Null(AddressLayout.BlockOf(Inner, address)));
        Assert.DoesNotContain(Inner.Network, shared);
        Assert.DoesNotContain(AddressLayout.ServerAddress(Inner), shared);
        Assert.DoesNotContain(Inner.AddressAt(1023), shared);
    }

    [Fact]
    public void An_address_of_another_subnet_owns_no_block() =>
        Assert.Null(AddressLayout.BlockOf(Inner, Ipv4.Parse("240.0.8.2")));

    [Fact]
    public void Only_a_22_is_an_inner_subnet() =>
        Assert.Throws<ArgumentException>(() => AddressLayout.ServerAddress(Ipv4Prefix.Parse("240.0.0.0/16")));

    [Theory]
    [InlineData(-1)]
    [InlineData(AddressLayout.BlockCount)]
    public void A_block_outside_is_refused(int block) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => AddressLayout.PortsOfBlock(block));

    [Theory]
    [InlineData("0-1")]
    [InlineData("2-1")]
    [InlineData("1-65536")]
    [InlineData("1")]
    [InlineData("-1-2")]
    [InlineData("a-b")]
    [InlineData(null)]
    public void What_is_no_port_range_is_refused(string? text) => Assert.False(PortRange.TryParse(text, out _));

    [Fact]
    public void A_port_range_reads_what_it_writes() =>
        Gen.Select(Gen.Int[1, 65535], Gen.Int[1, 65535]).Sample((a, b) =>
        {
            var range = new PortRange(Math.Min(a, b), Math.Max(a, b));
            return PortRange.TryParse(range.ToString(), out var read) && read == range;
        });
}
