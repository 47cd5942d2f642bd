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
    public void The_first_addresses_are_added()
    {
        Assert.Equal("""
            add element ip vpc senders { "v-0000000000001" . 10.0.1.10, "v-0000000000001" . 10.0.1.20, "v-0000000000002" . 10.0.1.11, "v-0000000000003" . 10.0.2.10 }
            add element ip vpc zones { 192.0.2.10 : 2, 10.0.1.20 : 2 }
            add element ip vpc privates { 192.0.2.10 : 10.0.1.20 }
            add element ip vpc publics { 10.0.1.20 : 192.0.2.10 }

            """, VpcRuleset.Changes(VpcPath.None, VpcPath.Of(Placed(CloudFixture.Eni1))));
    }

    [Fact]
    public void A_reassigned_private_address_changes_its_sender_and_nothing_else()
    {
        Assert.Equal("""
            delete element ip vpc senders { "v-0000000000001" . 10.0.1.20 }
            add element ip vpc senders { "v-0000000000002" . 10.0.1.20 }

            """, VpcRuleset.Changes(VpcPath.Of(Placed(CloudFixture.Eni1)), VpcPath.Of(Placed(CloudFixture.Eni2))));
    }

    [Fact]
    public void The_same_path_changes_nothing()
    {
        Assert.Empty(VpcRuleset.Changes(VpcPath.Of(Placed(CloudFixture.Eni1)), VpcPath.Of(Placed(CloudFixture.Eni1))));
    }

    [Fact]
    public void The_kernel_takes_the_rules_twice_and_every_change()
    {
        using var space = NetworkNamespace.CreateRandom("ruleset");
        using var nft = space.Run(() => new Nft());
        nft.Run(VpcRuleset.Rules);
        nft.Run(VpcRuleset.Rules);

        var path = VpcPath.None;
        foreach (var next in (VpcPath[])[VpcPath.Of(Placed(CloudFixture.Eni1)), VpcPath.Of(Placed(CloudFixture.Eni2)), VpcPath.None])
        {
            nft.Run(VpcRuleset.Changes(path, next));
            path = next;
        }

        Assert.DoesNotContain("10.0.1", nft.Text("list table ip vpc"), StringComparison.Ordinal);
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
