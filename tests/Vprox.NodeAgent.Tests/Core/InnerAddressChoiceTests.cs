using System.Net;
using CsCheck;
using Vprox.Addressing;
using Vprox.NodeAgent.Core.Peers;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.Core;

public sealed class InnerAddressChoiceTests
{
    private static readonly Ipv4Prefix Inner = Ipv4Prefix.Parse("240.1.0.0/22");
    private static readonly Gen<WireGuardKey> Keys = Gen.Byte.Array[32].Select(bytes => new WireGuardKey(bytes));

    private static IReadOnlyList<IPAddress> Choose(WireGuardKey key, int blocks, IReadOnlyCollection<IPAddress>? taken = null, params IPAddress[] preferred) =>
        InnerAddressChoice.Choose(Inner, new BlockLayout(AddressLayout.BlockSize), key, new PortWish(blocks, preferred), address => taken?.Contains(address) != true);

    private static IPAddress Block(int block) => AddressLayout.AddressOfBlock(Inner, block);

    [Fact]
    public void The_same_key_gets_the_same_addresses_from_a_server_that_knows_nothing() => Gen.Select(Keys, Gen.Int[0, 200]).Sample((key, blocks) =>
        Assert.Equal(Choose(key, blocks), Choose(key, blocks)));

    [Fact]
    public void As_many_blocks_as_asked_for_while_there_are_any_each_once_and_free() => Gen.Select(Keys, Gen.Int[1, 200], Gen.Int[0, 155].HashSet[0, 156]).Sample((key, blocks, taken) =>
    {
        var held = taken.Select(Block).ToHashSet();
        var chosen = Choose(key, blocks, held);
        var free = AddressLayout.BlockCount - held.Count;
        Assert.Equal(free == 0 ? 1 : Math.Min(blocks, free), chosen.Count);
        Assert.Equal(chosen.Count, chosen.Distinct().Count());
        Assert.DoesNotContain(chosen, held.Contains);
        Assert.All(chosen, address => Assert.Equal(free > 0, AddressLayout.BlockOf(Inner, address) is not null));
    });

    [Fact]
    public void Who_asks_for_no_block_shares() => Keys.Sample(key =>
        Assert.Contains(Assert.Single(Choose(key, 0)), AddressLayout.SharedAddresses(Inner)));

    [Fact]
    public void What_it_had_before_comes_first_where_it_is_free()
    {
        var key = WireGuardPrivateKey.Generate().PublicKey();
        Assert.Equal([Block(7), Block(3)], Choose(key, 2, [], Block(7), Block(3)));
        var chosen = Choose(key, 2, [Block(7)], Block(7), Block(3));
        Assert.Equal(Block(3), chosen[0]);
        Assert.NotEqual(Block(7), chosen[1]);
    }

    [Fact]
    public void What_is_no_client_address_of_a_block_here_is_not_given_whoever_prefers_it()
    {
        var key = WireGuardPrivateKey.Generate().PublicKey();
        IPAddress[] strange = [Inner.AddressAt(0), Inner.AddressAt(1), Inner.AddressAt(1023), Ipv4.Parse("10.0.0.1"), AddressLayout.SharedAddresses(Inner).First(), IPAddress.IPv6Loopback];
        Assert.DoesNotContain(Choose(key, 3, [], strange), strange.Contains);
    }

    [Fact]
    public void A_full_address_gives_none()
    {
        var all = Enumerable.Range(0, 1024).Select(offset => Inner.AddressAt(offset)).ToHashSet();
        Assert.Empty(Choose(WireGuardPrivateKey.Generate().PublicKey(), 2, all));
    }
}
