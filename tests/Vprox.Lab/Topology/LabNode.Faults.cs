using Vprox.Lab.Topology.Faults;
using Vprox.Netlink;
using Vprox.Nftables;

namespace Vprox.Lab.Topology;

public sealed partial class LabNode
{
    /// <summary>kill -9 of the agent alone. What it put into the kernel, and wireguard-go, stay.</summary>
    public void KillAgent() => Agent.Kill9();

    public void StartAgent() => Agent.Start();

    /// <summary>The agent's nftables table is deleted, and again whenever it is back.</summary>
    public RepeatedFault KeepNftFlushed(string table = "vprox") => RepeatedFault.Start(Namespace.Run(() => new Nft()), nft =>
    {
        // Looked for first: deleting what is not there would wake everybody who watches the ruleset.
        if (nft.Tables("inet").Contains(table))
            nft.Run($"table inet {table} {{ }}\ndelete table inet {table}");
    });

    /// <summary>A link of the node is deleted, and again whenever it is back.</summary>
    public RepeatedFault KeepLinkGone(string link) => RepeatedFault.Start(Namespace.Run(RouteNetlink.Open), route => Delete(route, link));

    /// <summary>A link of the node is replaced by a foreign one of the same name (a bridge), and again whenever that is gone.</summary>
    public RepeatedFault OccupyLink(string link) => RepeatedFault.Start(Namespace.Run(RouteNetlink.Open), route =>
    {
        if (route.Link(link) is { } found && found.Kind == LinkKind.Bridge)
            return;
        Delete(route, link);
        try
        {
            route.Execute(new AddLink(link, LinkKind.Bridge));
        }
        catch (NetlinkException taken) when (taken.Errno == Errno.EEXIST)
        {
            // The agent was faster; the next look replaces what it made.
        }
    });

    private static void Delete(RouteNetlink route, string link)
    {
        if (route.Link(link) is null)
            return;
        try
        {
            route.Execute(new DeleteLink(link));
        }
        catch (NetlinkException gone) when (gone.Errno == Errno.ENODEV)
        {
            // Somebody else deleted it.
        }
    }
}
