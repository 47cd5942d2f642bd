using System.Net.NetworkInformation;
using static Vprox.Netlink.Tests.Golden.RequestBytes;

namespace Vprox.Netlink.Tests.Golden;

/// <summary>What iproute2 6.1 sends for the command beside it, taken with strace; its sequence number is set to 1. ip turns names into indexes first.</summary>
public sealed class LinkBytesTests
{
    [Fact]
    public void A_bridge_is_added() => Same(
        "ip link add br1 type bridge",
        new AddLink("br1", LinkKind.Bridge),
        "38000000100005060100000000000000000000000000000000000000000000000800030062723100100012000a0001006272696467650000");

    [Fact]
    public void A_WireGuard_interface_is_added_with_its_MTU() => Same(
        "ip link add wg0 mtu 1420 type wireguard",
        new AddLink("wg0", LinkKind.WireGuard) { Mtu = 1420 },
        "4400000010000506010000000000000000000000000000000000000000000000080004008c0500000800030077673000140012000d000100776972656775617264000000");

    [Fact]
    public void An_ifb_is_added_with_index_and_MAC_address() => Same(
        "ip link add ifb7 index 77 address 02:00:00:00:00:07 type ifb",
        new AddLink("ifb7", LinkKind.Ifb) { Index = 77, HardwareAddress = PhysicalAddress.Parse("020000000007") },
        "44000000100005060100000000000000000000004d00000000000000000000000a00010002000000000700000900030069666237000000000c0012000700010069666200");

    [Fact]
    public void A_veth_pair_is_added() => Same(
        "ip link add vc type veth peer name vd",
        new AddVeth("vc", "vd"),
        "540000001000050601000000000000000000000000000000000000000000000007000300766300002c0012000800010076657468200002001c000100000000000000000000000000000000000700030076640000");

    [Fact]
    public void A_veth_pair_is_added_across_namespaces_with_MAC_addresses_and_MTU() => Same(
        "ip link add va address 02:00:00:00:00:01 mtu 1400 type veth peer name vb address 02:00:00:00:00:02 mtu 1400 netns 1",
        new AddVeth("va", "vb")
        {
            Mtu = 1400,
            HardwareAddress = PhysicalAddress.Parse("020000000001"),
            PeerHardwareAddress = PhysicalAddress.Parse("020000000002"),
            PeerNamespace = NamespaceReference.OfProcess(1),
        },
        "84000000100005060100000000000000000000000000000000000000000000000a0001000200000000010000080004007805000007000300766100004800120008000100766574683c00020038000100000000000000000000000000000000000a0001000200000000020000080004007805000008001300010000000700030076620000");

    // By name: ours alone, ip asks for the index first. struct ifinfomsg of zeros, then IFLA_IFNAME.
    [Fact]
    public void A_link_is_deleted_by_name() => Same(
        "ip link delete br1",
        new DeleteLink("br1"),
        "2800000011000500010000000000000000000000000000000000000000000000" + "0800030062723100");

    [Fact]
    public void A_link_is_set_up() => Same(
        "ip link set dev if3 up", new SetLink(3) { Up = true },
        "2000000010000500010000000000000000000000030000000100000001000000");

    [Fact]
    public void A_link_is_set_down() => Same(
        "ip link set dev if3 down", new SetLink(3) { Up = false },
        "2000000010000500010000000000000000000000030000000000000001000000");

    // By name: ours alone, as above.
    [Fact]
    public void A_link_is_set_up_by_name() => Same(
        "ip link set dev lo up", new SetLink("lo") { Up = true },
        "2800000010000500010000000000000000000000000000000100000001000000" + "070003006c6f0000");

    [Fact]
    public void An_MTU_is_set() => Same(
        "ip link set dev if3 mtu 1400", new SetLink(3) { Mtu = 1400 },
        "28000000100005000100000000000000000000000300000000000000000000000800040078050000");

    [Fact]
    public void A_link_joins_a_bridge() => Same(
        "ip link set dev if3 master if9", new SetLink(3) { MasterIndex = 9 },
        "280000001000050001000000000000000000000003000000000000000000000008000a0009000000");

    [Fact]
    public void A_link_leaves_its_bridge() => Same(
        "ip link set dev if3 nomaster", new SetLink(3) { MasterIndex = 0 },
        "280000001000050001000000000000000000000003000000000000000000000008000a0000000000");

    [Fact]
    public void A_link_is_renamed() => Same(
        "ip link set dev if9 name br2", new SetLink(9) { NewName = "br2" },
        "28000000100005000100000000000000000000000900000000000000000000000800030062723200");

    [Fact]
    public void A_MAC_address_is_set() => Same(
        "ip link set dev if9 address 02:00:00:00:00:09", new SetLink(9) { HardwareAddress = PhysicalAddress.Parse("020000000009") },
        "2c000000100005000100000000000000000000000900000000000000000000000a0001000200000000090000");

    [Fact]
    public void A_link_is_moved_to_a_namespace() => Same(
        "ip link set dev if6 netns 1", new SetLink(6) { Namespace = NamespaceReference.OfProcess(1) },
        "28000000100005000100000000000000000000000600000000000000000000000800130001000000");
}
