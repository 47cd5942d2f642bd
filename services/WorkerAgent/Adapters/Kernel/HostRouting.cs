using Vprox.Netlink;
using Route = Vprox.Netlink.Route;

namespace Vprox.WorkerAgent.Adapters.Kernel;

/// <summary>The host's links, addresses, routes and rules as they were seen last, read again when the kernel has told that they changed (rtnetlink(7), multicast groups).</summary>
internal sealed class HostRouting(RouteNetlink route, RouteMonitor monitor)
{
    private bool _isRead;

    /// <summary>All links, whoever's.</summary>
    public IReadOnlyList<Link> Links { get; private set; } = [];

    /// <summary>All IPv4 addresses.</summary>
    public IReadOnlyList<InterfaceAddress> Addresses { get; private set; } = [];

    /// <summary>All IPv4 routes.</summary>
    public IReadOnlyList<Route> Routes { get; private set; } = [];

    /// <summary>All IPv4 rules.</summary>
    public IReadOnlyList<Rule> Rules { get; private set; } = [];

    /// <summary>Reads what may have changed.</summary>
    /// <param name="everything">True reads the rest as well.</param>
    public void Read(bool everything)
    {
        // Before the dumps: what changes during them is told after, and read the next time.
        var changed = monitor.Seen();
        // With a link go its addresses and routes, and not all of that is told.
        if (everything || !_isRead || changed.HasFlag(RouteChanges.Links))
            changed = RouteChanges.All;
        // What was told is told once: a reading that fails in the middle leaves nothing to trust.
        _isRead = false;
        if (changed.HasFlag(RouteChanges.Links))
            Links = route.Links();
        if (changed.HasFlag(RouteChanges.Addresses))
            Addresses = route.Addresses();
        // With an address go the routes that have it as source, untold (fib_sync_down_addr, net/ipv4/fib_semantics.c).
        if (changed.HasFlag(RouteChanges.Routes) || changed.HasFlag(RouteChanges.Addresses))
            Routes = route.Routes();
        if (changed.HasFlag(RouteChanges.Rules))
            Rules = route.Rules();
        _isRead = true;
    }
}
