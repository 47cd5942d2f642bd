using Vprox.Sysctl;

namespace Vprox.WorkerAgent.Core.Host;

/// <summary>Kernel settings of a worker host that no tunnel brings along. Forwarding and reverse-path filtering come with the first tunnel.</summary>
public static class HostSettings
{
    // As nf_conntrack's own default, four connections to a bucket at most (nf_conntrack_init_start).
    private const int ConnectionsPerBucket = 4;

    // root's.
    private const long Group = 0;

    /// <summary>The settings.</summary>
    /// <param name="connections">How many connections the containers of the host shall have at once.</param>
    /// <param name="containers">How many containers the host shall hold at once; each is a neighbour.</param>
    /// <param name="userspace">True when WireGuard's packets go through a process.</param>
    public static IReadOnlyList<Setting> For(long connections, long containers, bool userspace) =>
    [
        new Setting.Includes("net/ipv4/ping_group_range", Group, "probes of tunnels need no raw socket, which would be given every echo reply of the tunnel"),
        new Setting.AtLeast("net/netfilter/nf_conntrack_max", connections, "connections beyond it are dropped"),
        new Setting.AtLeast("net/netfilter/nf_conntrack_buckets", connections / ConnectionsPerBucket, "each packet looks its connection up among those of its bucket"),
        // arp(7): above the second for 5 s, or above the third, entries are collected; with the third full a new container is not reached.
        new Setting.AtLeast("net/ipv4/neigh/default/gc_thresh1", containers / 4, "entries of present containers are not collected"),
        new Setting.AtLeast("net/ipv4/neigh/default/gc_thresh2", containers, "entries of present containers are not collected"),
        new Setting.AtLeast("net/ipv4/neigh/default/gc_thresh3", containers * 2, "a container is not reached when the neighbour table is full"),
        .. userspace ? WireGuardGoSettings.All : [],
    ];
}
