using Vprox.Lab.Topology.Faults;

namespace Vprox.Lab.Tests.Topology;

public sealed class LossTests
{
    [Fact]
    public void Each_loss_has_its_rules_at_the_far_end_of_every_uplink()
    {
        var loss = new Loss { Ip = PacketDirection.Outbound, Internet = PacketDirection.Inbound, Bus = true };

        Assert.Equal("""
            table netdev lost_node1 { }
            delete table netdev lost_node1
            table netdev lost_node1 {
              chain outbound0 {
                type filter hook ingress device "v-1" priority -150; policy accept;
                meta protocol { ip, ip6 } drop
                ip daddr { 10.0.0.10, 10.255.0.1 } tcp dport 5672 drop
              }
              chain inbound0 {
                type filter hook egress device "v-1" priority -150; policy accept;
                ip saddr != { 10.0.0.0/8, 169.254.0.0/16 } drop
                ip saddr { 10.0.0.10, 10.255.0.1 } tcp sport 5672 drop
              }
            }

            """, loss.Text("lost_node1", ["v-1"]));
    }

    [Fact]
    public void No_loss_leaves_no_rule()
    {
        Assert.Equal("""
            table netdev lost_node1 { }
            delete table netdev lost_node1

            """, Loss.None.Text("lost_node1", ["v-1"]));
    }
}
