using System.Diagnostics;
using Vprox.Addressing;
using Vprox.Netlink;
using Vprox.NodeAgent.Adapters.Kernel;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Changes;
using Vprox.NodeAgent.Core.DataPlane.Shaping;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>Traffic control alone at the size of a full node: a class each way for 240 addresses.</summary>
public sealed class FullTreeTests : IDisposable
{
    private const int Addresses = 240;

    private readonly NodeLab _lab = new();
    private readonly RouteNetlink _route;
    private readonly ShapingReader _reader;

    public FullTreeTests()
    {
        _route = _lab.Node.Run(RouteNetlink.Open);
        _reader = new ShapingReader(_route);
    }

    public void Dispose()
    {
        _route.Dispose();
        _lab.Dispose();
    }

    [Fact]
    public void A_full_node_is_shaped_and_a_second_round_writes_nothing()
    {
        var desired = Desired(Addresses);
        var watch = Stopwatch.StartNew();
        var steps = Bring(desired);
        var made = watch.Elapsed;
        watch.Restart();
        var again = Plan(desired);
        TestContext.Current.SendDiagnosticMessage($"{steps} steps in {made.TotalMilliseconds:0} ms, read and compared in {watch.Elapsed.TotalMilliseconds:0} ms");

        Assert.Empty(again);
        // The link, the rest, and each address.
        Assert.Equal(Addresses + 2, _route.Classes(_route.Link("ens5")!.Index).Count);
        Assert.Equal(Addresses + 2, _route.Classes(_route.Link("vpi-ens5")!.Index).Count);
    }

    [Fact]
    public void Addresses_come_and_go_one_by_one()
    {
        foreach (var count in (int[])[0, 3, 4, 1, 2, 0])
        {
            var watch = Stopwatch.StartNew();
            var steps = Bring(Desired(count));
            TestContext.Current.SendDiagnosticMessage($"{count} addresses: {steps} steps in {watch.Elapsed.TotalMilliseconds:0.0} ms");
            Assert.Empty(Plan(Desired(count)));
        }
        Bring(ShapingState.None);
        Assert.DoesNotContain(_route.Qdiscs(), qdisc => qdisc.Handle.Major != 0);
        Assert.DoesNotContain(_route.Links(), link => link.Kind == LinkKind.Ifb);
    }

    [Fact]
    public void What_nobody_changed_is_not_read_again()
    {
        var desired = Desired(3);
        Bring(desired);
        using var monitor = _lab.Node.Run(ChangeMonitor.OfTraffic);
        var reader = new ShapingReader(_route, monitor);
        ShapingState Read() => reader.Read(_route.Links().ToDictionary(link => link.Index), desired);

        var first = Read();
        Assert.Same(first, Read());

        _lab.Node.Execute("tc", "class change dev vpi-ens5 parent 56:1 classid 56:2 htb rate 1mbit".Split(' '));
        var second = Read();
        Assert.NotSame(first, second);
        Assert.Same(second, Read());

        // What went with a link is not told.
        NodeLab.Ip(_lab.Node, "link delete vpi-ens5");
        Assert.DoesNotContain(Read().Objects.Keys, key => key.Link == "vpi-ens5");
    }

    private ShapingState Desired(int addresses)
    {
        var template = _lab.Address(0);
        var node = _lab.Desired([.. Enumerable.Range(0, addresses).Select(index => template with
        {
            Address = Ipv4.Parse($"192.0.2.{index}"),
            PrivateAddress = Ipv4.Parse($"10.0.1.{index}"),
            ListenPort = 50_000 + index,
            Inner = Ipv4Prefix.Parse("240.0.0.0/8").Subnet(22, index),
            Bandwidth = new Bandwidth(10, 100 + index),
        })]);
        return DesiredShaping.For(node, _lab.DataPlane.Options);
    }

    private List<KernelChange> Plan(ShapingState desired)
    {
        var actual = _reader.Read(_route.Links().ToDictionary(link => link.Index), desired);
        return [.. ShapingPlan.Additions(desired, actual), .. ShapingPlan.Removals(desired, actual)];
    }

    private int Bring(ShapingState desired)
    {
        var plan = Plan(desired);
        var writer = new KernelWriter(_route, null!, null!);
        Assert.Empty(writer.ApplyAsync(plan, NodeLab.AtOnce, CancellationToken.None).GetAwaiter().GetResult());
        return plan.Count;
    }
}
