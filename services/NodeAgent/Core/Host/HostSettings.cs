using Vprox.Sysctl;

namespace Vprox.NodeAgent.Core.Host;

/// <summary>
/// Kernel settings of a node that no address brings along. What a packet of an address needs is also part of <see cref="DataPlane.KernelState"/>; here
/// it is set before the first round, and said by itself.
/// </summary>
public static class HostSettings
{
    // As nf_conntrack's own default, four connections to a bucket at most (nf_conntrack_init_start).
    private const int ConnectionsPerBucket = 4;

    /// <summary>The settings.</summary>
    /// <param name="connections">How many connections the node shall carry at once.</param>
    /// <param name="userspace">True when WireGuard's packets go through a process.</param>
    public static IReadOnlyList<Setting> For(long connections, bool userspace) =>
    [
        new Setting.Exactly("net/ipv4/ip_forward", "1", "nothing from a tunnel reaches the internet otherwise"),
        new Setting.Exactly("net/netfilter/nf_conntrack_tcp_loose", "1", "connections that began on another node are taken up in their middle"),
        new Setting.Exactly("net/ipv4/fwmark_reflect", "1", "what the node answers for an address, such as \"fragmentation needed\", leaves by that address's network interface"),
        new Setting.Reserves("net/ipv4/ip_local_reserved_ports", 49152, 65535, "a program of this host could take the WireGuard port of an address"),
        new Setting.AtLeast("net/netfilter/nf_conntrack_max", connections, "connections beyond it are dropped"),
        new Setting.AtLeast("net/netfilter/nf_conntrack_buckets", connections / ConnectionsPerBucket, "each packet looks its connection up among those of its bucket"),
        .. userspace ? WireGuardGoSettings.All : [],
    ];
}
