using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Changes;

namespace Vprox.NodeAgent.Tests.DataPlane;

public sealed class ChangeSentencesTests
{
    [Fact]
    public void Every_setting_is_told_with_its_old_value_before_anything_else_and_once_for_all_links_that_had_the_same()
    {
        List<KernelChange> changes =
        [
            new SetLinkUp("ens6"),
            .. Enumerable.Range(0, 240).Select(number => new SetSysctl($"net/ipv4/conf/vp{49152 + number}/rp_filter", "2", "0")),
            new SetSysctl("net/ipv4/conf/ens6/rp_filter", "2", "1"),
            new SetSysctl("net/ipv4/ip_forward", "1", "0"),
        ];
        var told = ChangeSentences.Of(changes);
        Assert.Equal(4, told.Count);
        Assert.StartsWith("sysctl net.ipv4.conf.{vp49152,vp49153,", told[0], StringComparison.Ordinal);
        Assert.EndsWith(",vp49391}.rp_filter set to 2, was 0", told[0], StringComparison.Ordinal);
        Assert.Equal(
            ["sysctl net.ipv4.conf.ens6.rp_filter set to 2, was 1", "sysctl net.ipv4.ip_forward set to 1, was 0", "network interface ens6 set up"], told.Skip(1));
    }
}
