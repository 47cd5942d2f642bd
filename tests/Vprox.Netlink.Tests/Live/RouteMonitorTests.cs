using Vprox.Addressing;

namespace Vprox.Netlink.Tests.Live;

public sealed class RouteMonitorTests : LiveTest
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_change_by_hand_of_each_kind_is_told()
    {
        AddVethPair();
        using var monitor = Inside.Run(RouteMonitor.Open);

        Assert.Equal(RouteChanges.Links, await After(monitor, "ip", "link", "add", "br0", "type", "bridge"));
        Assert.Equal(RouteChanges.Rules, await After(monitor, "ip", "rule", "add", "from", "10.0.0.2", "lookup", "1000"));
        Assert.Equal(RouteChanges.Routes, await After(monitor, "ip", "route", "add", "192.0.2.0/24", "via", "10.0.0.254"));
        Assert.True((await After(monitor, "ip", "address", "add", "10.0.0.5/24", "dev", "veth0")).HasFlag(RouteChanges.Addresses));
    }

    [Fact]
    public void What_was_told_is_seen_without_waiting_and_once()
    {
        using var monitor = Inside.Run(RouteMonitor.Open);
        Assert.Equal(RouteChanges.None, monitor.Seen());

        Inside.Execute("ip", "rule", "add", "from", "10.0.0.2", "lookup", "1000");

        Assert.Equal(RouteChanges.Rules, monitor.Seen());
        Assert.Equal(RouteChanges.None, monitor.Seen());
    }

    [Fact]
    public async Task Many_changes_are_told_at_once()
    {
        using var monitor = Inside.Run(RouteMonitor.Open);
        Route.Execute([.. Enumerable.Range(1, 200).Select(number => new AddRule(
            new RuleSpec { From = Ipv4Prefix.Host(Ipv4.FromUInt32(0x0a000000u + (uint)number)), Priority = 1000, Table = 1000 }))]);

        Assert.Equal(RouteChanges.Rules, await monitor.WaitAsync(CancellationToken.None).WaitAsync(Deadline));

        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => monitor.WaitAsync(patience.Token).WaitAsync(Deadline));
    }

    [Fact]
    public async Task What_was_lost_is_told_as_everything()
    {
        using var monitor = Inside.Run(RouteMonitor.Open);
        Route.Execute([.. Enumerable.Range(1, 3000).Select(number => new AddRule(
            new RuleSpec { From = Ipv4Prefix.Host(Ipv4.FromUInt32(0x0a000000u + (uint)number)), Priority = 1000, Table = 1000 }))]);

        Assert.Equal(RouteChanges.All, await monitor.WaitAsync(CancellationToken.None).WaitAsync(Deadline));
    }

    private async Task<RouteChanges> After(RouteMonitor monitor, params string[] command)
    {
        Inside.Execute(command[0], command[1..]);
        return await monitor.WaitAsync(CancellationToken.None).WaitAsync(Deadline);
    }
}
