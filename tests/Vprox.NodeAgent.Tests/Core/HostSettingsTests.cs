using Vprox.NodeAgent.Core.Host;
using Vprox.Sysctl;

namespace Vprox.NodeAgent.Tests.Core;

public sealed class HostSettingsTests
{
    [Fact]
    public void A_node_needs_forwarding_answers_by_mark_its_ports_and_room_for_connections() => Assert.Equal(
        [
            "net.ipv4.ip_forward 1", "net.netfilter.nf_conntrack_tcp_loose 1", "net.ipv4.fwmark_reflect 1", "net.ipv4.ip_local_reserved_ports 49152-65535",
            "net.netfilter.nf_conntrack_max 1000000", "net.netfilter.nf_conntrack_buckets 250000",
        ], HostSettings.For(1_000_000, userspace: false).Select(Written));

    [Fact]
    public void Only_processes_need_large_socket_buffers_and_watch_their_sockets() => Assert.Equal(
        ["fs.inotify.max_user_instances 1024", "net.core.rmem_max 7340032", "net.core.wmem_max 7340032"],
        HostSettings.For(1_000_000, userspace: true).Except(HostSettings.For(1_000_000, userspace: false)).Select(Written));

    [Fact]
    public void No_setting_is_named_twice()
    {
        var all = HostSettings.For(1_000_000, userspace: true);
        Assert.Equal(all.Count, all.DistinctBy(setting => setting.Path).Count());
    }

    private static string Written(Setting setting) => $"{setting.Name} {setting.Better("")}";
}
