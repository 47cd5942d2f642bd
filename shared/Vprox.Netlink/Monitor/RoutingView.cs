namespace Vprox.Netlink;

/// <summary>
/// A network namespace's links, addresses, routes and rules as they were read last, a dump each. They are read again when the kernel has told that they
/// changed (rtnetlink(7), multicast groups). For one caller at a time.
/// </summary>
/// <param name="route">Reads.</param>
/// <param name="monitor">Tells; it is this view's alone, and of the same namespace.</param>
/// <param name="protocol">Whose routes and rules; null for everybody's.</param>
public sealed class RoutingView(RouteNetlink route, RouteMonitor monitor, byte? protocol = null)
{
    private bool _isRead;

    /// <summary>All links, whoever's.</summary>
    public IReadOnlyList<Link> Links { get; private set; } = [];

    /// <summary>All IPv4 addresses.</summary>
    public IReadOnlyList<InterfaceAddress> Addresses { get; private set; } = [];

    /// <summary>IPv4 routes of all tables.</summary>
    public IReadOnlyList<Route> Routes { get; private set; } = [];

    /// <summary>IPv4 rules by priority.</summary>
    public IReadOnlyList<Rule> Rules { get; private set; } = [];

    /// <summary>Reads what may have changed.</summary>
    /// <param name="everything">True reads the rest as well.</param>
    /// <returns>What was read.</returns>
    /// <exception cref="NetlinkException">The kernel refused; the next call reads everything.</exception>
    public RouteChanges Read(bool everything)
    {
        // Before the dumps: what changes during them is told after, and read the next time.
        var changed = monitor.Seen();
        // With a link go its addresses and routes, and not all of that is told.
        if (everything || !_isRead || changed.HasFlag(RouteChanges.Links))
            changed = RouteChanges.All;
        // With an address go the routes that have it as source, untold (fib_sync_down_addr, net/ipv4/fib_semantics.c).
        if (changed.HasFlag(RouteChanges.Addresses))
            changed |= RouteChanges.Routes;
        // What was told is told once: a reading that fails in the middle leaves nothing to trust.
        _isRead = false;
        if (changed.HasFlag(RouteChanges.Links))
            Links = route.Links();
        if (changed.HasFlag(RouteChanges.Addresses))
            Addresses = route.Addresses();
        if (changed.HasFlag(RouteChanges.Routes))
            Routes = route.Routes(protocol: protocol);
        if (changed.HasFlag(RouteChanges.Rules))
            Rules = route.Rules(protocol);
        _isRead = true;
        return changed;
    }
}
