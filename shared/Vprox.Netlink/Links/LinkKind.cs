namespace Vprox.Netlink;

/// <summary>Kinds of links by the kernel's names (IFLA_INFO_KIND), as `ip link add type` takes them.</summary>
public static class LinkKind
{
    /// <summary>A pair of Ethernet devices, often in two namespaces.</summary>
    public const string Veth = "veth";

    /// <summary>A software switch.</summary>
    public const string Bridge = "bridge";

    /// <summary>A WireGuard interface of the kernel.</summary>
    public const string WireGuard = "wireguard";

    /// <summary>Intermediate functional block: shapes what another link receives.</summary>
    public const string Ifb = "ifb";

    /// <summary>A userspace device, e.g. of wireguard-go. Not made by netlink.</summary>
    public const string Tun = "tun";
}
