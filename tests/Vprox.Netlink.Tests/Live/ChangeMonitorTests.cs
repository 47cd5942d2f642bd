namespace Vprox.Netlink.Tests.Live;

public sealed class ChangeMonitorTests : LiveTest
{
    [Theory]
    [InlineData("rp_filter=1", true)]
    [InlineData("forwarding=1", true)]
    // The kernel is silent: such a setting has to be read.
    [InlineData("arp_ignore=1", false)]
    public void A_link_s_setting_is_told_once(string setting, bool isTold)
    {
        AddVethPair();
        using var monitor = Inside.Run(ChangeMonitor.OfLinkSettings);
        Assert.False(monitor.HasChanged());

        Inside.Execute("sysctl", "-q", $"net.ipv4.conf.veth0.{setting}");

        Assert.Equal(isTold, monitor.HasChanged());
        Assert.False(monitor.HasChanged());
    }

    [Fact]
    public void Traffic_control_is_told_once_and_settings_are_not_in_it()
    {
        AddVethPair();
        using var monitor = Inside.Run(ChangeMonitor.OfTraffic);
        Inside.Execute("sysctl", "-q", "net.ipv4.conf.veth0.rp_filter=1");
        Assert.False(monitor.HasChanged());

        Inside.Execute("tc", "qdisc", "add", "dev", "veth0", "root", "handle", "1:", "htb");

        Assert.True(monitor.HasChanged());
        Assert.False(monitor.HasChanged());
    }
}
