using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane.Shaping;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>Fairness between the tunnels of an address, at rates that a guest with one slow processor carries too: it is the one that has fq_codel.</summary>
public sealed class TunnelShareTests
{
    private static readonly TimeSpan While = TimeSpan.FromSeconds(5);
    private static readonly int[] FirstBlock = [0];

    [Fact]
    public async Task Tunnels_share_their_address_equally_or_the_agent_says_that_they_do_not()
    {
        using var lab = new ShapingLab();
        var address = await lab.ConnectAsync(0, new Bandwidth(null, 1), FirstBlock, [1, 2]);
        await lab.ApplyAsync(address);
        if (lab.DataPlane.Options.Shaping!.Leaf == LeafKind.Fifo)
        {
            Assert.Contains(lab.DataPlane.ShapingFlaws, flaw => flaw.StartsWith("tunnels of an address", StringComparison.Ordinal));
            return;
        }
        using var one = lab.Upload(address, 0);
        using var many = lab.Upload(address, 1);
        using var more = lab.Upload(address, 2);
        await lab.WarmAsync(address, one, outgoing: true);
        await lab.WarmAsync(address, many, outgoing: true);

        await Task.WhenAll(one.SendAsync(0.9, While), many.SendAsync(1.2, While), more.SendAsync(1.2, While));

        TestContext.Current.SendDiagnosticMessage($"one flow {one.ArrivedMbps()}, two flows {many.ArrivedMbps()} and {more.ArrivedMbps()}");
        Assert.InRange(one.ArrivedMbps() / (many.ArrivedMbps() + more.ArrivedMbps()), 0.8, 1.25);
    }
}
