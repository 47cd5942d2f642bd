using System.Net;
using CsCheck;
using Vprox.Lab.Cloud.State;
using Vprox.Lab.Cloud.State.Commands;

namespace Vprox.Lab.Tests.Cloud;

public sealed class StatePropertyTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Enis = [CloudFixture.Eni1, CloudFixture.Eni2, CloudFixture.FarEni];

    private static readonly Gen<string> AnyEni = Gen.Int[0, 2].Select(index => Enis[index]);

    private static readonly Gen<IPAddress> AnyAddress =
        Gen.Select(Gen.Int[1, 2], Gen.Int[8, 16], (subnet, host) => IPAddress.Parse($"10.0.{subnet}.{host}"));

    private static readonly Gen<Func<Ec2State, DateTimeOffset, (Ec2State? State, Ec2Error? Error)>> AnyCommand = Gen.OneOf(
        Gen.Select(AnyEni, AnyAddress.List[0, 4], Gen.Bool, (eni, addresses, allow) =>
            On(new AssignPrivateIpAddresses { NetworkInterfaceId = eni, PrivateIpAddresses = addresses, AllowReassignment = allow })),
        Gen.Select(AnyEni, AnyAddress.List[1, 3], (eni, addresses) =>
            On(new UnassignPrivateIpAddresses { NetworkInterfaceId = eni, PrivateIpAddresses = addresses })),
        Gen.Select(Gen.Int[1, 3], AnyEni, AnyAddress, Gen.Bool, (ip, eni, address, allow) => On(new AssociateAddress
        {
            AllocationId = $"eipalloc-{ip}",
            NetworkInterfaceId = eni,
            PrivateIpAddress = address,
            AllowReassociation = allow,
        })),
        Gen.Select(Gen.Bool.Select(first => first ? CloudFixture.Node1 : CloudFixture.Node2), Gen.Enum<InstanceOperation>(), (instance, operation) =>
            On(new ChangeInstanceState { InstanceIds = [instance], Operation = operation })));

    [Fact]
    public void Whatever_is_asked_no_address_is_in_two_places_and_a_refusal_changes_nothing()
    {
        AnyCommand.List[1, 40].Sample(commands =>
        {
            var (state, now) = (CloudFixture.Seed.ToState() with { AddressesPerNetworkInterface = 5 }, Start);
            foreach (var command in commands)
            {
                now += TimeSpan.FromMilliseconds(500);
                state = InstanceLifecycle.Advance(state, now);
                var (next, error) = command(state, now);
                Assert.True(next is null != error is null);
                state = next ?? state;
                AssertSound(state);
            }
        }, iter: 2000);
    }

    [Fact]
    public void A_move_by_list_is_done_for_every_address_or_for_none()
    {
        AnyAddress.List[1, 6].Sample(addresses =>
        {
            var before = CloudFixture.Seed.ToState() with { AddressesPerNetworkInterface = 4 };
            var change = new AssignPrivateIpAddresses { NetworkInterfaceId = CloudFixture.Eni1, PrivateIpAddresses = addresses, AllowReassignment = true }
                .ApplyTo(before, Start);
            if (change.State is { } after)
                Assert.All(addresses, address => Assert.True(after.NetworkInterfaces[CloudFixture.Eni1].Has(address)));
            else
                Assert.NotNull(change.Error);
        });
    }

    private static void AssertSound(Ec2State state)
    {
        var held = state.NetworkInterfaces.Values.SelectMany(eni => eni.Addresses).ToList();
        Assert.Equal(held.Count, held.Distinct().Count());
        Assert.All(state.NetworkInterfaces.Values, eni =>
        {
            Assert.True(eni.Addresses.Count() <= state.AddressesPerNetworkInterface);
            Assert.All(eni.Addresses, address => Assert.True(state.Subnets[eni.SubnetId].Prefix.Contains(address)));
        });
        var associations = state.ElasticIps.Values.Select(ip => ip.Association).OfType<Association>().ToList();
        Assert.Equal(associations.Count, associations.DistinctBy(association => association.PrivateAddress).Count());
        Assert.All(associations, association => Assert.True(state.NetworkInterfaces[association.NetworkInterfaceId].Has(association.PrivateAddress)));
    }

    private static Func<Ec2State, DateTimeOffset, (Ec2State?, Ec2Error?)> On<T>(IEc2Command<T> command) => (state, now) =>
    {
        var change = command.ApplyTo(state, now);
        return (change.State, change.Error);
    };
}
