namespace Vprox.Netlink.Tests.Live;

public sealed class RoutingViewTests : LiveTest
{
    [Fact]
    public void Nothing_is_read_again_while_nothing_changes()
    {
        AddVethPair();
        using var monitor = Inside.Run(RouteMonitor.Open);
        var view = Read(monitor);
        var (links, addresses, routes, rules) = (view.Links, view.Addresses, view.Routes, view.Rules);
        Assert.Equal(RouteChanges.None, view.Read(everything: false));
        Assert.Equal((links, addresses, routes, rules), (view.Links, view.Addresses, view.Routes, view.Rules));

        Assert.Equal(RouteChanges.All, view.Read(everything: true));
        Assert.NotSame(links, view.Links);
    }

    [Fact]
    public void Only_what_was_told_is_read_again()
    {
        AddVethPair();
        using var monitor = Inside.Run(RouteMonitor.Open);
        var view = Read(monitor);
        var routes = view.Routes;
        Inside.Execute("ip", "rule", "add", "from", "10.0.0.2", "lookup", "1000");
        Assert.Equal(RouteChanges.Rules, view.Read(everything: false));
        Assert.Contains(view.Rules, rule => rule.Table == 1000);
        Assert.Same(routes, view.Routes);
    }

    [Fact]
    public void A_route_that_goes_with_its_source_is_missed_though_nobody_told_of_it()
    {
        AddVethPair();
        using var monitor = Inside.Run(RouteMonitor.Open);
        var view = Read(monitor);
        // By another link than the address's, or its subnet's route would be told.
        Inside.Execute("ip", "link", "set", "lo", "up");
        Inside.Execute("ip", "address", "add", "10.9.9.9/32", "dev", "lo");
        Inside.Execute("ip", "route", "add", "198.51.100.0/24", "via", "10.0.0.254", "src", "10.9.9.9");
        view.Read(everything: false);
        Assert.Contains(view.Routes, route => route.Destination.Length == 24 && route.Gateway is not null);

        Inside.Execute("ip", "address", "del", "10.9.9.9/32", "dev", "lo");
        view.Read(everything: false);
        Assert.DoesNotContain(view.Routes, route => route.Destination.Length == 24 && route.Gateway is not null);
        Assert.Equal(Ip("-4", "route", "show", "table", "all").Count, view.Routes.Count);
    }

    [Fact]
    public void With_a_link_go_its_addresses_and_routes()
    {
        AddVethPair();
        using var monitor = Inside.Run(RouteMonitor.Open);
        var view = Read(monitor);
        var index = view.Links.Single(link => link.Name == "veth0").Index;
        Assert.Contains(view.Addresses, address => address.LinkIndex == index);
        Inside.Execute("ip", "link", "del", "veth0");
        Assert.Equal(RouteChanges.All, view.Read(everything: false));
        Assert.DoesNotContain(view.Links, link => link.Index == index);
        Assert.DoesNotContain(view.Addresses, address => address.LinkIndex == index);
        Assert.DoesNotContain(view.Routes, route => route.LinkIndex == index);
    }

    [Fact]
    public void One_protocol_alone_is_seen_when_that_is_asked_for()
    {
        AddVethPair();
        Inside.Execute("ip", "route", "add", "198.51.100.0/24", "via", "10.0.0.254", "proto", "86");
        Inside.Execute("ip", "rule", "add", "from", "10.0.0.2", "lookup", "1000", "protocol", "86");
        using var monitor = Inside.Run(RouteMonitor.Open);
        var ours = Read(monitor, RouteProtocol.Vprox);
        Assert.Equal("198.51.100.0/24", Assert.Single(ours.Routes).Destination.ToString());
        Assert.Equal(1000u, Assert.Single(ours.Rules).Table);
    }

    private RoutingView Read(RouteMonitor monitor, byte? protocol = null)
    {
        var view = new RoutingView(Route, monitor, protocol);
        Assert.Equal(RouteChanges.All, view.Read(everything: false));
        return view;
    }
}
