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
    public void What_tunnels_share_is_spread_by_port_and_keeps_out_of_their_own_queues()
    {
        var filter = TunnelQueues.For(Address([.. Enumerable.Range(0, Blocks)]), outgoing: true);

        var queues = Enumerable.Range(40960, 8192).Select(port => BpfMachine.Run(filter, Packet(6, port, outgoing: true))).Distinct().ToList();

        Assert.Equal(256, queues.Count);
        Assert.All(queues, queue => Assert.InRange(queue, 768u, 1023u));
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

    private static DesiredAddress Address(int[] owners, int blockSize = AddressLayout.BlockSize) => new()
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
