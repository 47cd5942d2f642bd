using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane.Shaping;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>Bandwidth of static addresses, measured: real tunnels, real packets, this kernel's HTB.</summary>
public sealed class ShapingTests
{
    // Of a ceiling: 10 ms of burst are half a percent of the time that is measured.
    private const double Exact = 1.02;
    private static readonly TimeSpan While = TimeSpan.FromSeconds(2);
    private static readonly int[] FirstBlock = [0];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_address_keeps_to_its_ceiling_in_each_direction(bool outgoing)
    {
        using var lab = new ShapingLab();
        var address = await lab.ConnectAsync(0, new Bandwidth(null, 10), FirstBlock);
        await lab.ApplyAsync(address);
        using var stream = outgoing ? lab.Upload(address, 0) : lab.Download(address, 0);
        await lab.WarmAsync(address, stream, outgoing);

        await stream.SendAsync(25, While);

        Assert.InRange(stream.ArrivedMbps(), 8.5, 10 * Exact);
        Assert.True(lab.Counted(address, outgoing).Drops > 0);
        Assert.Equal(0u, lab.Counted(address, !outgoing).Drops);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_guarantee_holds_whatever_others_send(bool outgoing)
    {
        using var lab = new ShapingLab(linkMbps: 20);
        // Without its guarantee it would have a third of the link, less than it sends.
        var guaranteed = await lab.ConnectAsync(0, new Bandwidth(9, null), FirstBlock);
        DesiredAddress[] greedy = [await lab.ConnectAsync(1, Bandwidth.Any, FirstBlock), await lab.ConnectAsync(2, Bandwidth.Any, FirstBlock)];
        await lab.ApplyAsync([guaranteed, .. greedy]);
        DatagramStream Stream(DesiredAddress address) => outgoing ? lab.Upload(address, 0) : lab.Download(address, 0);
        using var steady = Stream(guaranteed);
        using var flood = Stream(greedy[0]);
        using var other = Stream(greedy[1]);
        await lab.WarmAsync(guaranteed, steady, outgoing);
        await lab.WarmAsync(greedy[0], flood, outgoing);
        await lab.WarmAsync(greedy[1], other, outgoing);

        // They begin first: the link is theirs when the guarantee is claimed, and until it has been.
        var floods = Task.WhenAll(flood.SendAsync(20, While * 1.5), other.SendAsync(20, While * 1.5));
        await Task.Delay(While / 4);
        await steady.SendAsync(8, While);
        await floods;

        await Eventually.EqualAsync(steady.Sent, () => steady.Received);
        Assert.Equal(0u, lab.Counted(guaranteed, outgoing).Drops);
        Assert.All(greedy, address => Assert.True(lab.Counted(address, outgoing).Drops > 0));
    }

    [Fact]
    public async Task What_others_leave_is_borrowed()
    {
        using var lab = new ShapingLab(linkMbps: 20);
        var guaranteed = await lab.ConnectAsync(0, new Bandwidth(9, null), FirstBlock);
        var greedy = await lab.ConnectAsync(1, Bandwidth.Any, FirstBlock);
        await lab.ApplyAsync(guaranteed, greedy);
        using var flood = lab.Upload(greedy, 0);
        await lab.WarmAsync(greedy, flood, outgoing: true);

        await flood.SendAsync(40, While);

        Assert.InRange(flood.ArrivedMbps(), 16, 20 * Exact);
    }

    [Fact]
    public async Task A_rate_changes_while_packets_flow_and_none_is_lost()
    {
        using var lab = new ShapingLab();
        var address = await lab.ConnectAsync(0, new Bandwidth(null, 40), FirstBlock);
        await lab.ApplyAsync(address);
        using var up = lab.Upload(address, 0);
        using var down = lab.Download(address, 0, port: 10);
        await lab.WarmAsync(address, up, outgoing: true);
        var sending = Task.WhenAll(up.SendAsync(5, While), down.SendAsync(5, While));

        var changes = 0;
        for (; !sending.IsCompleted; changes++)
        {
            var round = await lab.ApplyAsync(address with { Bandwidth = new Bandwidth(8 + (changes % 3), 12 + (changes % 20)) });
            Assert.All(round.Steps, step => Assert.EndsWith(", changed", step, StringComparison.Ordinal));
            await Task.Delay(20);
        }

        await sending;
        await Eventually.EqualAsync((up.Sent, down.Sent), () => (up.Received, down.Received));
        Assert.InRange(changes, 3, int.MaxValue);
        TestContext.Current.SendDiagnosticMessage($"{changes} changes, {up.Sent + down.Sent} packets");
    }

    [Fact]
    public async Task Counters_are_exact()
    {
        using var lab = new ShapingLab();
        var address = await lab.ConnectAsync(0, new Bandwidth(null, 10), FirstBlock);
        await lab.ApplyAsync(address);
        using var up = lab.Upload(address, 0);
        using var down = lab.Download(address, 0, port: 10);
        await lab.WarmAsync(address, up, outgoing: true);
        var before = (Up: lab.Counted(address, outgoing: true), Down: lab.Counted(address, outgoing: false));

        await up.SendAsync(2, TimeSpan.FromSeconds(1), size: 500);
        await down.SendAsync(1, TimeSpan.FromSeconds(1), size: 200);
        await Eventually.EqualAsync((up.Sent, down.Sent), () => (up.Received, down.Received));

        var after = (Up: lab.Counted(address, outgoing: true), Down: lab.Counted(address, outgoing: false));
        // One had been sent to warm the tunnel.
        Assert.Equal(((ulong)up.Sent - 1, ((ulong)up.Sent - 1) * 528), (after.Up.Packets - before.Up.Packets, after.Up.Bytes - before.Up.Bytes));
        Assert.Equal(((ulong)down.Sent, (ulong)down.Sent * 228), (after.Down.Packets - before.Down.Packets, after.Down.Bytes - before.Down.Bytes));

        // At the limit: whatever did not pass was dropped, and is counted so.
        before = after;
        var sent = down.Sent;
        await down.SendAsync(25, TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(
            () => lab.Counted(address, outgoing: false) is var now && now.Packets - before.Down.Packets + (now.Drops - before.Down.Drops) == (ulong)(down.Sent - sent),
            "passed and dropped are all that was sent");
        Assert.True(lab.Counted(address, outgoing: false).Drops > 0);
    }

    [Fact]
    public async Task An_ENI_stays_as_it_was_until_an_address_of_it_asks_for_a_rate()
    {
        using var lab = new ShapingLab();
        var before = lab.Lab.Node.Execute("tc", "qdisc", "show");
        var address = await lab.ConnectAsync(0, Bandwidth.Any, FirstBlock);
        var other = await lab.ConnectAsync(1, Bandwidth.Any, FirstBlock);
        using var up = lab.Upload(other, 0);

        await lab.ApplyAsync(address, other);
        await lab.WarmAsync(other, up, outgoing: true);

        Assert.Equal(before, WithoutTunnels(lab.Lab.Node.Execute("tc", "qdisc", "show")));
        Assert.DoesNotContain("vpi-", lab.Lab.Node.Execute("ip", "link"), StringComparison.Ordinal);

        var sending = up.SendAsync(10, While);
        await lab.ApplyAsync(address with { Bandwidth = new Bandwidth(null, 10) }, other);
        await sending;

        // The kernel drops what is sent while a link's root qdisc is exchanged (qdisc_graft, net/sched/sch_api.c): less than a millisecond, or what a busy
        // machine has kept back until then. What such a machine loses on the way to the node is not the tree's.
        await Eventually.TrueAsync(() => (ulong)up.Received + 20 >= lab.Counted(other, outgoing: true).Packets, "the first tree of an ENI costs next to nothing");
        Assert.Contains("qdisc htb 56: root", lab.Lab.Node.Execute("tc", "qdisc", "show", "dev", "ens5"), StringComparison.Ordinal);
        Assert.DoesNotContain("htb", lab.Lab.Node.Execute("tc", "qdisc", "show", "dev", "ens6"), StringComparison.Ordinal);

        await lab.ApplyAsync(address, other);
        Assert.Equal(before, WithoutTunnels(lab.Lab.Node.Execute("tc", "qdisc", "show")));
    }

    [Fact]
    public async Task With_a_known_link_the_first_rate_costs_no_packet()
    {
        using var lab = new ShapingLab(linkMbps: 1_000);
        var address = await lab.ConnectAsync(0, Bandwidth.Any, FirstBlock);
        await lab.ApplyAsync(address);
        using var up = lab.Upload(address, 0);
        using var down = lab.Download(address, 0, port: 10);
        await lab.WarmAsync(address, up, outgoing: true);
        var sending = Task.WhenAll(up.SendAsync(10, While), down.SendAsync(10, While));

        await lab.ApplyAsync(address with { Bandwidth = new Bandwidth(11, 20) });
        // Another address comes and goes meanwhile.
        await lab.ApplyAsync(address with { Bandwidth = new Bandwidth(11, 20) }, lab.Lab.Address(1) with { Bandwidth = new Bandwidth(5, 5) });
        await lab.ApplyAsync(address with { Bandwidth = new Bandwidth(11, 20) });
        await lab.ApplyAsync(address);

        await sending;
        await Eventually.EqualAsync((up.Sent, down.Sent), () => (up.Received, down.Received));
    }

    [Fact]
    public async Task Somebody_elses_qdisc_is_left_alone_and_told()
    {
        using var lab = new ShapingLab();
        lab.Lab.Node.Execute("tc", "qdisc add dev ens5 root handle 1: tbf rate 1gbit burst 100k latency 10ms".Split(' '));
        lab.Lab.Node.Execute("tc", "qdisc add dev ens5 clsact".Split(' '));
        lab.Lab.Node.Execute("tc", "filter add dev ens5 ingress pref 7 protocol ip u32 match ip dst 192.0.2.99 flowid :1".Split(' '));
        var address = await lab.ConnectAsync(0, new Bandwidth(null, 10), FirstBlock);

        await lab.ApplyAsync(address);
        Assert.Contains("ens5", Assert.Single(lab.DataPlane.ShapingFlaws, flaw => flaw.Contains("somebody else", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Empty((await lab.ApplyAsync(address)).Steps);
        using (var down = lab.Download(address, 0))
        {
            await lab.WarmAsync(address, down, outgoing: false);
            await down.SendAsync(25, While);
            Assert.InRange(down.ArrivedMbps(), 8.5, 10 * Exact);
        }

        await lab.DataPlane.TeardownAsync(CancellationToken.None);
        Assert.StartsWith("qdisc tbf 1: root", lab.Lab.Node.Execute("tc", "qdisc", "show", "dev", "ens5"), StringComparison.Ordinal);
        var filters = lab.Lab.Node.Execute("tc", "filter", "show", "dev", "ens5", "ingress");
        Assert.Contains("pref 7 u32", filters, StringComparison.Ordinal);
        Assert.DoesNotContain("pref 22016", filters, StringComparison.Ordinal);
    }

    private static string WithoutTunnels(string listing) =>
        string.Concat(listing.Split('\n').Where(line => line.Length > 0 && !line.Contains("dev vp", StringComparison.Ordinal)).Select(line => line + '\n'));
}
