using System.Buffers.Binary;
using CsCheck;
using Vprox.Addressing;
using Vprox.Netlink;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane.Shaping;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.DataPlane.Shaping;

/// <summary>Which queue of its address a packet waits in.</summary>
public sealed class TunnelQueuesTests
{
    private const int Blocks = 156;
    private static readonly Ipv4Prefix Inner = Ipv4Prefix.Parse("240.0.4.0/22");
    private static readonly WireGuardPrivateKey Key = WireGuardPrivateKey.Generate();
    private static readonly WireGuardKey[] Peers = [.. Enumerable.Range(0, Blocks).Select(_ => WireGuardPrivateKey.Generate().PublicKey())];

    [Fact]
    public void A_tunnel_has_one_queue_of_its_own_however_many_blocks_it_has() =>
        Gen.Select(Gen.Int[-1, 20].Array[312], Gen.Int[1024, 40959].Array[30], Gen.Bool, Gen.Int[7, 10]).Sample((all, ports, outgoing, power) =>
        {
            var size = 1 << power;
            var owners = all[..new BlockLayout(size).Count];
            var filter = TunnelQueues.For(Address(owners, size), outgoing);
            foreach (var port in ports)
            {
                var queue = BpfMachine.Run(filter, Packet(17, port, outgoing));
                var owner = owners[(port - 1024) / size];
                if (owner >= 0)
                    Assert.Equal(1u + (uint)Array.IndexOf(owners, owner), queue);
                else
                    Assert.InRange(queue, 768u, TunnelQueues.Count - 1);
            }
        });

    [Fact]
    public void Every_packet_has_a_queue() =>
        Gen.Select(Gen.Int[-1, 200].Array[Blocks], Gen.Byte, Gen.Int[0, 65535], Gen.Bool).Sample((owners, protocol, port, outgoing) =>
        {
            var filter = TunnelQueues.For(Address(owners), outgoing);
            Assert.InRange(BpfMachine.Run(filter, Packet(protocol, port, outgoing)), 1u, TunnelQueues.Count);
            Assert.Equal(TunnelQueues.Count, BpfMachine.Run(filter, Packet(protocol, port, outgoing, etherType: 0x86dd)));
            Assert.Equal(TunnelQueues.Count, BpfMachine.Run(filter, Packet(17, port, outgoing, fragment: 185)));
        });

    [Fact]
    public void Tunnels_that_share_ports_have_as_many_queues_as_they_are_and_less_than_twice_that_and_keep_out_of_others() =>
        Gen.Select(Gen.Int[0, Blocks], Gen.Int[0, 300], Gen.Bool).Sample((owners, sharers, outgoing) =>
        {
            var filter = TunnelQueues.For(Address([.. Enumerable.Range(0, owners)], sharers: sharers), outgoing);

            var ports = Enumerable.Range(40960, 8192).CountBy(port => BpfMachine.Run(filter, Packet(6, port, outgoing))).ToList();

            Assert.InRange(ports.Count, Math.Clamp(sharers, 1, 256), Math.Clamp((2 * sharers) - 1, 1, 256));
            Assert.All(ports, queue => Assert.InRange(queue.Key, 768u, 1023u));
            Assert.All(ports, queue => Assert.Equal(8192 / ports.Count, queue.Value));
        });

    [Fact]
    public void A_sharer_more_or_less_seldom_changes_the_program()
    {
        var programs = Enumerable.Range(1, 256).Select(sharers => TunnelQueues.For(Address([0, 1], sharers: sharers), outgoing: true)).ToList();

        Assert.Equal(8, programs.Zip(programs.Skip(1)).Count(pair => !pair.First.Equals(pair.Second)));
    }

    [Fact]
    public void A_tunnel_with_a_block_that_also_shares_is_one_of_the_sharers()
    {
        var address = Address([0, 0]);
        var both = address with { Peers = [address.Peers[0] with { InnerAddresses = [.. address.Peers[0].InnerAddresses, Inner.AddressAt(1000)] }, .. Address([], sharers: 1).Peers] };

        var filter = TunnelQueues.For(both, outgoing: true);

        Assert.Equal(2, Enumerable.Range(40960, 8192).Select(port => BpfMachine.Run(filter, Packet(6, port, outgoing: true))).Distinct().Count());
    }

    [Fact]
    public void A_tunnel_that_grows_keeps_its_queue()
    {
        var before = TunnelQueues.For(Address([0, 0, .. Enumerable.Repeat(-1, Blocks - 2)]), outgoing: true);
        var after = TunnelQueues.For(Address([0, 0, -1, 0, .. Enumerable.Repeat(-1, Blocks - 4)]), outgoing: true);

        Assert.Equal(BpfMachine.Run(before, Packet(6, 1030, outgoing: true)), BpfMachine.Run(after, Packet(6, 1030, outgoing: true)));
        Assert.Equal(BpfMachine.Run(after, Packet(6, 1030, outgoing: true)), BpfMachine.Run(after, Packet(6, 1024 + (3 * 256), outgoing: true)));
    }

    [Fact]
    public void A_full_address_is_told_apart_in_a_few_hundred_instructions() =>
        Assert.InRange(TunnelQueues.For(Address([.. Enumerable.Range(0, Blocks)]), outgoing: true).Program.Count, 300, 400);

    private static DesiredAddress Address(int[] owners, int blockSize = AddressLayout.BlockSize, int sharers = 0) => new()
    {
        Address = Ipv4.Parse("192.0.2.1"),
        Zone = 1,
        PrivateAddress = Ipv4.Parse("10.0.1.64"),
        LinkName = "ens5",
        ListenPort = 50_000,
        Inner = Inner,
        BlockSize = blockSize,
        PrivateKey = Key,
        Peers =
        [
            .. owners.Select((owner, block) => (Owner: owner, Inner: new BlockLayout(blockSize).AddressOf(Inner, block)))
                .Where(item => item.Owner >= 0)
                .GroupBy(item => item.Owner % Peers.Length, item => item.Inner)
                .Select(owned => new DesiredPeer { PublicKey = Peers[owned.Key], InnerAddresses = [.. owned] }),
            .. new BlockLayout(blockSize).SharedAddresses(Inner).Take(sharers)
                .Select((inner, sharer) => new DesiredPeer { PublicKey = Peers[sharer % Peers.Length], InnerAddresses = [inner] }),
        ],
    };

    // Ethernet, IPv4 with one option, ports; the other side's port is 443.
    private static byte[] Packet(byte protocol, int port, bool outgoing, ushort etherType = FilterReference.Ipv4, ushort fragment = 0)
    {
        var bytes = new byte[64];
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(12), etherType);
        bytes[14] = 0x46;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(20), fragment);
        bytes[23] = protocol;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(38), (ushort)(outgoing ? port : 443));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(40), (ushort)(outgoing ? 443 : port));
        return bytes;
    }
}
