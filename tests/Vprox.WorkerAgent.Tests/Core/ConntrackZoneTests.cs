using System.Net;
using CsCheck;
using Vprox.Addressing;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Tests.Core;

public sealed class ConntrackZoneTests
{
    [Fact]
    public void An_inner_address_has_one_zone_and_never_that_of_the_host() => Gen.UInt.Sample(number =>
    {
        var inner = Ipv4.FromUInt32(number);
        Assert.NotEqual(0, ConntrackZone.Of(inner));
        Assert.Equal(ConntrackZone.Of(inner), ConntrackZone.Of(IPAddress.Parse($"{inner}")));
    });

    [Fact]
    public void Tunnels_of_one_static_address_have_different_zones()
    {
        var inner = Enumerable.Range(2, 1000).Select(offset => Ipv4.FromUInt32(Ipv4.ToUInt32(IPAddress.Parse("240.7.40.0")) + (uint)offset));
        Assert.Equal(1000, inner.Select(ConntrackZone.Of).Distinct().Count());
    }

    [Fact]
    public void Of_a_thousand_static_addresses_two_share_a_zone_no_oftener_than_chance_has_it()
    {
        var first = Enumerable.Range(0, 1000).Select(slot => Ipv4.FromUInt32(0xf000_0002u + ((uint)slot << 10)));
        Assert.InRange(first.Select(ConntrackZone.Of).Distinct().Count(), 985, 1000);
    }
}
