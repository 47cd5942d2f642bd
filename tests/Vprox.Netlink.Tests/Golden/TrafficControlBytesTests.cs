using System.Net;
using static Vprox.Netlink.Tests.Golden.RequestBytes;

namespace Vprox.Netlink.Tests.Golden;

/// <summary>What iproute2 6.1's tc sends for the command beside it, taken with strace; its sequence number is set to 1.</summary>
public sealed class TrafficControlBytesTests
{
    private static readonly TrafficHandle Htb = TrafficHandle.Of(0x56);
    private static readonly TrafficHandle Class = TrafficHandle.Of(0x56, 0xc350);
    private static readonly TrafficHandle Leaf = TrafficHandle.Of(0x4350);

    [Fact]
    public void An_HTB_root_is_added() => Same(
        "tc qdisc add dev if3 root handle 56: htb default 2",
        new AddQdisc(3, TrafficHandle.Root, Htb, new HtbQdisc(2)),
        "48000000240005060100000000000000000000000300000000005600ffffffff0000000008000100687462001c00020018000200030000000a000000020000000000000000000000");

    // tc, told no handle, sends 0.
    [Fact]
    public void A_root_is_deleted_by_its_handle() => Same(
        "tc qdisc delete dev if3 root handle 56:",
        new DeleteQdisc(3, TrafficHandle.Root, Htb),
        "24000000250005000100000000000000000000000300000000005600ffffffff00000000");

    [Fact]
    public void A_fair_queue_is_put_into_a_class() => Same(
        "tc qdisc add dev if3 parent 56:c350 handle 4350: fq_codel flows 1024 quantum 1514",
        new AddQdisc(3, Class, Leaf, new FqCodelQdisc(1024, 1514)),
        "4800000024000506010000000000000000000000030000000000504350c35600000000000d00010066715f636f64656c0000000014000200080005000004000008000600ea050000");

    [Fact]
    public void A_stochastic_queue_is_put_into_a_class() => Same(
        "tc qdisc add dev if3 parent 56:c350 handle 4350: sfq",
        new AddQdisc(3, Class, Leaf, new SfqQdisc()),
        "2c00000024000506010000000000000000000000030000000000504350c35600000000000800010073667100");

    [Fact]
    public void A_plain_queue_is_put_into_a_class() => Same(
        "tc qdisc add dev if3 parent 56:c350 handle 4350: bfifo limit 250000",
        new AddQdisc(3, Class, Leaf, new FifoQdisc(250_000)),
        "3800000024000506010000000000000000000000030000000000504350c35600000000000a000100626669666f0000000800020090d00300");

    [Fact]
    public void A_leaf_is_deleted() => Same(
        "tc qdisc delete dev if3 parent 56:c350 handle 4350:",
        new DeleteQdisc(3, Class, Leaf),
        "2400000025000500010000000000000000000000030000000000504350c3560000000000");

    [Fact]
    public void An_ingress_qdisc_is_added() => Same(
        "tc qdisc add dev if3 ingress",
        new AddQdisc(3, TrafficHandle.Ingress, TrafficHandle.IngressQdisc, new IngressQdisc()),
        "3000000024000506010000000000000000000000030000000000fffff1ffffff000000000c000100696e677265737300");

    [Fact]
    public void An_ingress_qdisc_is_deleted() => Same(
        "tc qdisc delete dev if3 ingress",
        new DeleteQdisc(3, TrafficHandle.Ingress, TrafficHandle.IngressQdisc),
        "3000000025000500010000000000000000000000030000000000fffff1ffffff000000000c000100696e677265737300");

    [Fact]
    public void A_class_is_deleted() => Same(
        "tc class delete dev if3 classid 56:c350",
        new DeleteClass(3, Class),
        "24000000290005000100000000000000000000000300000050c356000000000000000000");

    // tc's bytes less its rate tables and the two fields that describe them, cell_log and cell_align.
    [Fact]
    public void A_class_gets_a_rate_and_a_ceiling() => Same(
        "tc class replace dev if3 parent 56:1 classid 56:c350 htb rate 10000000bit ceil 20000000bit burst 12500b cburst 25000b quantum 60000 prio 1",
        new ReplaceClass(3, TrafficHandle.Of(0x56, 1), Class, Spec(1_250_000, 2_500_000)),
        "60000000280005040100000000000000000000000300000050c356000100560000000000080001006874620034000200300001000001000000000000d01213000001000000000000a02526005a6202005a62020060ea00000000000001000000");

    [Fact]
    public void Rates_beyond_32_bits_have_attributes_of_their_own() => Same(
        "tc class replace dev if3 parent 56:1 classid 56:c351 htb rate 40000000000bit ceil 80000000000bit burst 50000000b cburst 100000000b quantum 60000 prio 1",
        new ReplaceClass(3, TrafficHandle.Of(0x56, 1), TrafficHandle.Of(0x56, 0xc351), Spec(5_000_000_000, 10_000_000_000)),
        "78000000280005040100000000000000000000000300000051c35600010056000000000008000100687462004c0002000c00060000f2052a010000000c00070000e40b5402000000300001000001000000000000ffffffff0001000000000000ffffffff5a6202005a62020060ea00000000000001000000");

    [Fact]
    public void A_program_is_attached_to_a_qdisc() => Same(
        "tc filter add dev if3 parent 56: protocol all pref 22016 handle 1 bpf bytecode \"3,40 0 0 16,116 0 0 8,22 0 0 0\"",
        new AddFilter(new FilterReference(3, Htb, 22016, FilterReference.AnyProtocol, 1), new BpfFilter([BpfInstruction.LoadHalf(16), new BpfInstruction(0x74, 0, 0, 8), BpfInstruction.ReturnA])),
        "540000002c0005060100000000000000000000000300000001000000000056000003005608000100627066002800020006000400030000001c000500280000001000000074000000080000001600000000000000");

    [Fact]
    public void What_is_for_WireGuard_passes() => Same(
        "tc filter add dev if3 parent ffff: protocol ip pref 22016 handle 800::1 u32 match u32 0x00110000 0x00ff0000 at 8 match u32 0x00000000 0x00001fff at 4 match u32 0x0000c000 0x0000c000 at 20 flowid 0:1",
        new AddFilter(new FilterReference(3, TrafficHandle.IngressQdisc, 22016, FilterReference.Ipv4, U32Key.Handle(0x800, 0, 1)), new U32Key { Matches = [U32Match.OfProtocol(17), U32Match.HasPorts, U32Match.ToPort(0xc000, 0xc000)], ClassId = TrafficHandle.Of(0, 1) }),
        "7c0000002c00050601000000000000000000000003000000010000800000ffff080000560800010075333200500002000800010001000000440005000100030000000000000000000000000000ff000000110000080000000000000000001fff0000000004000000000000000000c0000000c0001400000000000000");

    [Fact]
    public void The_rest_is_redirected() => Same(
        "tc filter add dev if3 parent ffff: protocol ip pref 22016 handle 800::3 u32 match u32 0x00000000 0x00000000 at 0 action mirred egress redirect dev if9",
        new AddFilter(new FilterReference(3, TrafficHandle.IngressQdisc, 22016, FilterReference.Ipv4, U32Key.Handle(0x800, 0, 3)), new U32Key { Matches = [U32Match.Anything], RedirectTo = 9 }),
        "8c0000002c00050601000000000000000000000003000000030000800000ffff0800005608000100753332006000020038000700340001000b0001006d69727265640000240002802000020000000000000000000400000000000000000000000100000009000000240005000100010000000000000000000000000000000000000000000000000000000000");

    [Fact]
    public void A_hash_table_is_made() => Same(
        "tc filter add dev if9 parent 56: protocol ip pref 22016 handle 1: u32 divisor 256",
        new AddFilter(On(U32Key.Handle(1, 0, 0)), new U32Table(256)),
        "380000002c0005060100000000000000000000000900000000001000000056000800005608000100753332000c0002000800040000010000");

    [Fact]
    public void The_destinations_last_octet_names_the_bucket() => Same(
        "tc filter add dev if9 parent 56: protocol ip pref 22016 handle 800::1 u32 link 1: hashkey mask 0x000000ff at 16 match u32 0x00000000 0x00000000 at 0",
        new AddFilter(On(U32Key.Handle(0x800, 0, 1)), new U32Key { Matches = [U32Match.Anything], NextTable = 1, HashMask = 0xff, HashOffset = 16 }),
        "5c0000002c00050601000000000000000000000009000000010000800000560008000056080001007533320030000200080003000000100024000500000001000000000000001000000000ff00000000000000000000000000000000");

    [Fact]
    public void A_destination_goes_to_its_class() => Same(
        "tc filter add dev if9 parent 56: protocol ip pref 22016 handle 1:40:2 u32 match u32 0x0a000140 0xffffffff at 16 flowid 56:c350",
        new AddFilter(On(U32Key.Handle(1, 0x40, 2)), new U32Key { Matches = [U32Match.To(IPAddress.Parse("10.0.1.64"))], ClassId = Class }),
        "640000002c000506010000000000000000000000090000000200140000005600080000560800010075333200380002000800010050c3560008000200000014002400050001000100000000000000000000000000ffffffff0a0001401000000000000000");

    [Fact]
    public void A_filter_is_deleted() => Same(
        "tc filter delete dev if9 parent 56: protocol ip pref 22016 handle 1:40:2 u32",
        new DeleteFilter(On(U32Key.Handle(1, 0x40, 2)), "u32"),
        "2c0000002d000500010000000000000000000000090000000200140000005600080000560800010075333200");

    private static FilterReference On(uint handle) => new(9, Htb, 22016, FilterReference.Ipv4, handle);

    private static HtbClassSpec Spec(ulong rate, ulong ceiling) =>
        new() { Rate = rate, Ceiling = ceiling, BurstTicks = 156_250, CeilingBurstTicks = 156_250, Quantum = 60_000, Priority = 1 };
}
