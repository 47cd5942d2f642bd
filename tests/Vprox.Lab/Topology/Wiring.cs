using System.Net;
using System.Net.NetworkInformation;
using Vprox.Addressing;
using Vprox.Netlink;

namespace Vprox.Lab.Topology;

/// <summary>Cables, switches and addresses between hosts, by rtnetlink.</summary>
internal static class Wiring
{
    /// <summary>A cable: a veth pair with an end on each host, both up.</summary>
    public static void Cable(LabHost left, string leftLink, LabHost right, string rightLink, string? rightMac = null)
    {
        left.Route.Execute(
            new AddVeth(leftLink, rightLink)
            {
                PeerNamespace = right.Namespace.Reference,
                PeerHardwareAddress = rightMac is null ? null : PhysicalAddress.Parse(rightMac),
            },
            new SetLink(leftLink) { Up = true });
        right.Route.Execute(new SetLink(rightLink) { Up = true });
    }

    /// <summary>A switch with an address of its host.</summary>
    public static void Switch(LabHost host, string name, IPAddress address, Ipv4Prefix network)
    {
        host.Route.Execute(new AddLink(name, LinkKind.Bridge), new SetLink(name) { Up = true });
        Address(host, name, address, network.Length);
    }

    /// <summary>Plugs a link of the host into its switch.</summary>
    public static void Plug(LabHost host, string link, string bridge) =>
        host.Route.Execute(new SetLink(link) { MasterIndex = Index(host, bridge) });

    public static void Address(LabHost host, string link, IPAddress address, int prefixLength) =>
        host.Route.Execute(new AddAddress(Index(host, link), address, prefixLength));

    /// <summary>A static route, as an administrator adds it; no destination is the default route.</summary>
    public static void Via(LabHost host, IPAddress gateway, Ipv4Prefix destination = default) => host.Route.Execute(
        new ReplaceRoute(new RouteSpec { Destination = destination, Gateway = gateway, Protocol = RouteProtocol.Static }));

    /// <summary>A neighbour that is never asked for, and so never found missing.</summary>
    public static void Neighbor(LabHost host, string link, IPAddress address, string mac) =>
        host.Route.Execute(new AddNeighbor(Index(host, link), address, PhysicalAddress.Parse(mac.ToUpperInvariant().Replace(':', '-'))));

    private static int Index(LabHost host, string link) =>
        host.Route.Link(link)?.Index ?? throw new InvalidOperationException($"{host.Name} has no link {link}");
}
