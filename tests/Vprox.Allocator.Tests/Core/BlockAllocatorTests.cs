using System.Net;
using CsCheck;
using Vprox.Addressing;
using Vprox.Allocator.Core;

namespace Vprox.Allocator.Tests.Core;

public sealed class BlockAllocatorTests
{
    private static readonly Ipv4Prefix Inner = new Slot(1).InnerSubnet;
    private static readonly HashSet<IPAddress> Nothing = [];
    private static readonly BlockLayout Layout = new(AddressLayout.BlockSize);

    [Fact]
    public void No_inner_address_is_given_twice_and_a_tunnel_keeps_what_it_has() =>
        Gen.Select(Gen.Int[7, 10].Select(bits => 1 << bits), Gen.Select(Gen.Int[0, 30], Gen.Int[0, 320]).Array[1, 200]).Sample((size, requests) =>
        {
            var layout = new BlockLayout(size);
            var tunnels = new Dictionary<int, IReadOnlyList<IPAddress>>();
            foreach (var (key, blocks) in requests)
            {
                var own = tunnels.GetValueOrDefault(key, []);
                var taken = tunnels.Where(tunnel => tunnel.Key != key).SelectMany(tunnel => tunnel.Value).ToHashSet();
                var granted = BlockAllocator.Allocate(Inner, own.ToList(), taken, Math.Clamp(blocks, 1, layout.Count), layout);
                Assert.NotEmpty(granted);
                Assert.True(own.All(granted.Contains));
                Assert.DoesNotContain(granted, taken.Contains);
                Assert.Equal(granted, BlockAllocator.Allocate(Inner, granted.ToList(), taken, granted.Count, layout));
                var ports = BlockAllocator.PortsOf(Inner, granted, layout);
                Assert.True(ports.Count == granted.Count || (ports.Count == 0 && granted.Count == 1));
                tunnels[key] = granted;
            }
        }, iter: 200);

    [Fact]
    public void A_tunnel_grows_when_it_asks_and_does_not_shrink_by_asking_for_less()
    {
        var first = BlockAllocator.Allocate(Inner, [], Nothing, 2, Layout);
        Assert.Equal(["1024-1279", "1280-1535"], BlockAllocator.PortsOf(Inner, first, Layout).Select(ports => ports.ToString()));
        Assert.Equal(5, BlockAllocator.Allocate(Inner, first.ToList(), Nothing, 5, Layout).Count);
        Assert.Equal(2, BlockAllocator.Allocate(Inner, first.ToList(), Nothing, 1, Layout).Count);
    }

    [Fact]
    public void When_few_blocks_are_free_fewer_are_given_then_a_shared_address_then_none()
    {
        var blocks = Enumerable.Range(0, AddressLayout.BlockCount).Select(block => AddressLayout.AddressOfBlock(Inner, block)).ToList();
        Assert.Single(BlockAllocator.Allocate(Inner, [], blocks.Skip(1).ToHashSet(), 2, Layout));
        var shared = BlockAllocator.Allocate(Inner, [], blocks.ToHashSet(), 2, Layout);
        Assert.Equal(AddressLayout.SharedAddresses(Inner).First(), Assert.Single(shared));
        Assert.Empty(BlockAllocator.PortsOf(Inner, shared, Layout));
        Assert.Equal(shared, BlockAllocator.Allocate(Inner, shared.ToList(), Nothing, 2, Layout));
        Assert.Empty(BlockAllocator.Allocate(Inner, [], blocks.Concat(AddressLayout.SharedAddresses(Inner)).ToHashSet(), 2, Layout));
    }

    [Fact]
    public void Every_slot_has_a_subnet_and_a_port_of_its_own()
    {
        var slots = Enumerable.Range(0, Slot.Count).Select(number => new Slot(number)).ToList();
        Assert.Equal(Slot.Count, slots.Select(slot => slot.InnerSubnet).Distinct().Count());
        Assert.Equal(Slot.Count, slots.Select(slot => slot.ListenPort).Distinct().Count());
        Assert.Equal("240.0.4.0/22", slots[1].InnerSubnet.ToString());
        Assert.Equal(65535, slots[^1].ListenPort);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Slot(Slot.Count));
    }
}
