using CsCheck;

namespace Vprox.Addressing.Tests;

public class BlockLayoutTests
{
    private static readonly Ipv4Prefix Inner = Ipv4Prefix.Parse("240.0.4.0/22");

    [Theory]
    [InlineData(128, 312)]
    [InlineData(256, 156)]
    [InlineData(512, 78)]
    [InlineData(1024, 39)]
    public void Every_size_divides_the_ports_without_a_rest_and_finds_inner_addresses(int size, int count)
    {
        var layout = new BlockLayout(size);
        Assert.Equal(count, layout.Count);
        Assert.Equal(AddressLayout.BlockPorts, new PortRange(layout.PortsOf(0).First, layout.PortsOf(count - 1).Last));
        Assert.Equal(1021, count + layout.SharedAddresses(Inner).Count());
        Gen.Int[0, count - 1].Sample(block => layout.BlockOf(Inner, layout.AddressOf(Inner, block)) == block && layout.PortsOf(block).Count == size);
        Assert.All(layout.SharedAddresses(Inner), address => Assert.Null(layout.BlockOf(Inner, address)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    [InlineData(255)]
    [InlineData(2048)]
    public void Another_size_is_refused(int size)
    {
        Assert.False(BlockLayout.IsSize(size));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockLayout(size));
    }
}
