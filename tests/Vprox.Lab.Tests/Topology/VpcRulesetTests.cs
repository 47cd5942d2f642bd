using System.Net;
using Vprox.Lab.Cloud.State;
using Vprox.Lab.Cloud.State.Commands;
using Vprox.Lab.Namespaces;
using Vprox.Lab.Tests.Cloud;
using Vprox.Lab.Topology.Gateway;
using Vprox.Nftables;

namespace Vprox.Lab.Tests.Topology;

public sealed class VpcRulesetTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_gateway_translates_what_is_associated_and_drops_what_an_ENI_may_not_send()
    {
        var text = VpcRuleset.Text(VpcPath.Of(Placed(CloudFixture.Eni1)));

        Assert.Equal("""
            table ip vpc { }
            delete table ip vpc
            table ip vpc {
              chain senders {
                type filter hook prerouting priority raw - 10; policy accept;
                iifname "v-*" iifname . ip saddr != { "v-0000000000001" . 10.0.1.10, "v-0000000000001" . 10.0.1.20, "v-0000000000002" . 10.0.1.11, "v-0000000000003" . 10.0.2.10 } drop
              }
              chain zones {
                type filter hook prerouting priority raw; policy accept;
                iifname "internet" ct zone set ip daddr map { 192.0.2.10 : 2 }
                iifname "v-*" ct zone set ip saddr map { 10.0.1.20 : 2 }
              }
              chain inbound {
                type nat hook prerouting priority dstnat; policy accept;
                iifname "internet" dnat to ip daddr map { 192.0.2.10 : 10.0.1.20 }
              }
              chain outbound {
                type nat hook postrouting priority srcnat; policy accept;
                oifname "internet" snat to ip saddr map { 10.0.1.20 : 192.0.2.10 }
              }
              chain untranslated {
                type filter hook postrouting priority srcnat + 10; policy accept;
                oifname "internet" ip saddr 10.0.0.0/16 drop
              }
              chain uninvited {
                type filter hook prerouting priority raw - 10; policy accept;
                iifname "internet" ip daddr 10.0.0.0/16 drop
              }
              chain metadata {
                type filter hook output priority filter; policy accept;
                ip saddr 169.254.169.254 ip ttl set 1
              }
            }

            """, text);
    }

    [Fact]
    public void The_kernel_takes_it_with_and_without_addresses()
    {
        using var space = NetworkNamespace.CreateRandom("ruleset");
        using var nft = space.Run(() => new Nft());

        nft.Run(VpcRuleset.Text(VpcPath.Of(Ec2State.Empty)));
        nft.Run(VpcRuleset.Text(VpcPath.Of(Placed(CloudFixture.Eni1))));
        nft.Run(VpcRuleset.Text(VpcPath.Of(Placed(CloudFixture.Eni2))));
    }

    [Fact]
    public void A_stopped_instance_has_no_path()
    {
        var state = Placed(CloudFixture.Eni1);
        state = InstanceLifecycle.Enter(state, state.Instances[CloudFixture.Node1], InstanceState.Stopped, Now);

        var path = VpcPath.Of(state);

        Assert.Empty(path.ElasticIps);
        Assert.DoesNotContain(path.Addresses, address => address.Link == GatewayLink.Of(CloudFixture.Eni1));
    }

    private static Ec2State Placed(string eni)
    {
        var address = IPAddress.Parse("10.0.1.20");
        var assigned = new AssignPrivateIpAddresses { NetworkInterfaceId = eni, PrivateIpAddresses = [address] }.ApplyTo(CloudFixture.Seed.ToState(), Now).State!;
        return new AssociateAddress { AllocationId = "eipalloc-1", NetworkInterfaceId = eni, PrivateIpAddress = address }.ApplyTo(assigned, Now).State!;
    }
}
