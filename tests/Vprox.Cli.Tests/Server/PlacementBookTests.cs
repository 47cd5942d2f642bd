using CsCheck;
using Vprox.Addressing;
using Vprox.Cli.Server;
using Vprox.Contracts;

namespace Vprox.Cli.Tests.Server;

public sealed class PlacementBookTests
{
    private static readonly Ipv4Prefix Block = Ipv4Prefix.Parse("240.1.0.0/20");

    private static PlacementBook.Wanted Wanted(int number) => new(Ipv4.Parse($"192.0.2.{number}"), Ipv4.Parse($"10.0.1.{number}"));

    private static StaticIpPlaced Make(PlacementBook.Wanted wanted, int port, Ipv4Prefix inner, long generation) => new()
    {
        Address = wanted.Address.ToString(),
        PrivateAddress = wanted.Private.ToString(),
        Generation = generation,
        ListenPort = port,
        InnerSubnet = inner.ToString(),
        NodeId = "server",
        NetworkInterfaceId = "",
        AllocationId = "",
        ProxyId = "",
        WorkspaceId = "",
        SealedIdentity = "",
        GrantKeys = [],
    };

    private static IReadOnlyList<StaticIpPlaced> Next(IReadOnlyList<StaticIpPlaced> before, bool keeps, params int[] wanted) =>
        PlacementBook.Next(before, [.. wanted.Select(Wanted)], Block, keeps, Make).Placed;

    [Fact]
    public void Addresses_get_places_in_their_order_from_modals_first_port_on()
    {
        var placed = Next([], false, 7, 5);
        Assert.Equal([("192.0.2.7", 50227, "240.1.0.0/22"), ("192.0.2.5", 50228, "240.1.4.0/22")], placed.Select(each => (each.Address, each.ListenPort, each.InnerSubnet)));
        Assert.All(placed, each => Assert.Equal(1, each.Generation));
    }

    [Fact]
    public void A_known_address_stays_where_it_is_whatever_the_order()
    {
        var before = Next([], false, 1, 2, 3);
        Assert.Equal(before[2], Assert.Single(Next(before, false, 3)));
        Assert.Equal([before[2], before[0]], Next(before, false, 3, 1));
    }

    [Fact]
    public void Another_private_address_is_a_new_generation_in_the_same_place()
    {
        var before = Next([], false, 1);
        var (placed, _) = PlacementBook.Next(before, [new(Ipv4.Parse("192.0.2.1"), Ipv4.Parse("10.0.9.9"))], Block, false, Make);
        var moved = Assert.Single(placed);
        Assert.Equal((2, before[0].ListenPort, "10.0.9.9"), (moved.Generation, moved.ListenPort, moved.PrivateAddress));
    }

    [Fact]
    public void Another_block_is_a_new_generation_everywhere()
    {
        var before = Next([], false, 1, 2);
        var (placed, _) = PlacementBook.Next(before, [Wanted(1), Wanted(2)], Ipv4Prefix.Parse("240.9.0.0/16"), false, Make);
        Assert.All(placed, each => Assert.Equal(2, each.Generation));
    }

    [Fact]
    public void One_that_left_loses_its_place_only_when_there_is_no_other()
    {
        var before = Next([], true, 1, 2);
        var kept = Next(before, true, 2, 3);
        Assert.Contains(before[0], kept);
        var full = Next(kept, true, 2, 3, 4, 5);
        Assert.DoesNotContain(full, each => each.Address == "192.0.2.1");
        var (_, without) = PlacementBook.Next(full, [Wanted(2), Wanted(3), Wanted(4), Wanted(5), Wanted(6)], Block, true, Make);
        Assert.Equal(Wanted(6), Assert.Single(without));
    }

    [Fact]
    public void Whatever_comes_and_goes_no_two_share_a_place_and_generations_grow() => Gen.Select(Gen.Int[1, 8].HashSet[0, 6].Array[1, 12], Gen.Bool).Sample((rounds, keeps) =>
    {
        IReadOnlyList<StaticIpPlaced> placed = [];
        foreach (var wanted in rounds)
        {
            var next = Next(placed, keeps, [.. wanted]);
            Assert.Equal(next.Count, next.Select(each => each.ListenPort).Distinct().Count());
            Assert.All(next, each => Assert.True(Block.Contains(Ipv4Prefix.Parse(each.InnerSubnet))));
            Assert.All(next, each => Assert.True((placed.FirstOrDefault(before => before.Address == each.Address)?.Generation ?? 0) <= each.Generation));
            Assert.Equal(next, PlacementBook.Next(next, [.. wanted.Select(Wanted)], Block, keeps, Make).Placed);
            placed = next;
        }
    });
}
