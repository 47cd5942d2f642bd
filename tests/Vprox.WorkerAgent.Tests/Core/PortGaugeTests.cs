using System.Net;
using Vprox.Addressing;
using Vprox.Netlink;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Tests.Core;

public sealed class PortGaugeTests
{
    private const int Ports = 512;
    private static readonly PortPolicy Policy = new();
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Connections_are_looked_at_when_half_of_the_ports_may_be_in_use_and_not_before()
    {
        var gauge = new PortGauge().Looked(PortLoad.None, Start).Read(1000, Start);
        Assert.False(gauge.IsLookDue(TunnelPorts.AsGranted, Ports, 2, false, Policy, Start));
        gauge = gauge.Read(1100, Start.AddSeconds(10));
        Assert.False(gauge.IsLookDue(TunnelPorts.AsGranted, Ports, 2, false, Policy, Start.AddSeconds(10)));
        gauge = gauge.Read(1260, Start.AddSeconds(20));
        Assert.True(gauge.IsLookDue(TunnelPorts.AsGranted, Ports, 2, false, Policy, Start.AddSeconds(20)));
        // They had gone again meanwhile: the next look waits for as many more.
        gauge = gauge.Looked(new PortLoad { Used = 3, Total = 3 }, Start.AddSeconds(20));
        Assert.False(gauge.Read(1300, Start.AddSeconds(30)).IsLookDue(TunnelPorts.AsGranted, Ports, 2, false, Policy, Start.AddSeconds(30)));
    }

    [Fact]
    public void A_burst_is_looked_at_after_a_tenth_of_a_second()
    {
        var gauge = new PortGauge().Looked(PortLoad.None, Start.AddSeconds(-1)).Read(0, Start).Read(200, Start.AddMilliseconds(100));
        Assert.True(gauge.IsLookDue(TunnelPorts.AsGranted, Ports, 2, false, Policy, Start.AddMilliseconds(100)));
    }

    [Fact]
    public void What_was_open_before_the_first_look_is_not_taken_for_nothing()
    {
        var gauge = new PortGauge().Read(0, Start);
        Assert.True(gauge.IsLookDue(TunnelPorts.AsGranted, Ports, 2, false, Policy, Start));
        gauge = gauge.Looked(new PortLoad { Used = 250, Total = 250 }, Start).Read(10, Start.AddMilliseconds(300));
        Assert.True(gauge.IsLookDue(TunnelPorts.AsGranted, Ports, 2, false, Policy, Start.AddMilliseconds(300)));
    }

    [Fact]
    public void A_tunnel_with_more_than_it_began_with_or_with_too_few_is_looked_at_now_and_then()
    {
        var gauge = new PortGauge().Read(0, Start).Looked(PortLoad.None, Start).Read(0, Start.AddSeconds(6));
        Assert.True(gauge.IsLookDue(TunnelPorts.AsGranted, 4 * 256, 4, false, Policy, Start.AddSeconds(6)));
        Assert.False(gauge.IsLookDue(TunnelPorts.AsGranted, Ports, 2, false, Policy, Start.AddSeconds(6)));
        Assert.True(gauge.IsLookDue(TunnelPorts.AsGranted, Ports, 2, true, Policy, Start.AddSeconds(6)));
    }

    [Fact]
    public void A_counter_that_began_anew_is_no_burst()
    {
        var gauge = new PortGauge().Read(1_000_000, Start).Read(5, Start.AddMilliseconds(100));
        Assert.Equal((0, 0.0), (gauge.SinceLook, gauge.Rate));
    }

    [Fact]
    public void Flows_are_counted_per_destination_and_block_and_those_of_others_are_not()
    {
        var (one, two) = (IPAddress.Parse("240.0.0.2"), IPAddress.Parse("240.0.0.3"));
        var census = new PortCensus([("p1", [one, two]), ("p2", [IPAddress.Parse("240.0.4.2")])]);
        for (ushort port = 1024; port < 1034; port++)
            census.Count(Flow("203.0.113.7", 443, one, port));
        for (ushort port = 1280; port < 1285; port++)
            census.Count(Flow("203.0.113.7", 443, two, port));
        census.Count(Flow("203.0.113.8", 53, two, 1300) with { Protocol = 17 });
        census.Count(Flow("203.0.113.7", 443, IPAddress.Parse("240.0.4.2"), 1024));
        census.Count(Flow("203.0.113.7", 443, IPAddress.Parse("198.51.100.2"), 1024));
        var load = census.Of("p1");
        Assert.Equal(("203.0.113.7:443/tcp", 15, 16), (load.Destination, load.Used, load.Total));
        Assert.Equal((10, 5, 6), (load.Fullest[one], load.Fullest[two], load.Flows[two]));
        Assert.Equal(1, census.Of("p2").Used);
        Assert.Equal(PortLoad.None, census.Of("p3"));
    }

    private static ReplyTuple Flow(string remote, ushort remotePort, IPAddress local, ushort localPort) =>
        new(6, Ipv4.ToUInt32(IPAddress.Parse(remote)), remotePort, Ipv4.ToUInt32(local), localPort);
}
