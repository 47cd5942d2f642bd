using Microsoft.Extensions.Logging.Abstractions;
using Vprox.NodeAgent.Workers;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>Somebody else's changes make a round at once.</summary>
public sealed class KernelWatchTests(NodeLab lab) : IClassFixture<NodeLab>
{
    [Theory]
    [InlineData("nft flush ruleset")]
    [InlineData("nft delete table inet vprox")]
    [InlineData("ip link delete vpPORT")]
    [InlineData("ip rule delete priority 8603 from 10.0.1.64")]
    [InlineData("ip address delete 10.0.1.64/32 dev ens5")]
    [InlineData("ip route delete default dev ens5 table PORT")]
    public async Task A_change_by_hand_makes_a_round_at_once(string vandalism)
    {
        var address = lab.Address(0);
        await lab.ApplyAsync(address);
        var signals = new Signals();
        using var gate = new KernelGate(TimeProvider.System);
        using var watch = lab.Node.Run(() => new KernelWatchLoop(gate, lab.DataPlane, signals, TimeProvider.System, NullLogger<KernelWatchLoop>.Instance));
        await watch.StartAsync(CancellationToken.None);
        // What the watch saw first is not what is meant.
        await signals.Reconcile.WaitAsync(TimeSpan.FromMilliseconds(600), CancellationToken.None);

        var words = vandalism.Replace("PORT", $"{address.ListenPort}", StringComparison.Ordinal).Split(' ');
        lab.Node.Execute(words[0], words[1..]);

        Assert.True(await signals.Reconcile.WaitAsync(TimeSpan.FromSeconds(20), CancellationToken.None));
        await lab.ApplyAsync(address);
        await watch.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_table_that_is_deleted_right_after_our_own_change_makes_a_round_at_once()
    {
        var address = lab.Address(0);
        await lab.ApplyAsync(address);
        var signals = new Signals();
        using var gate = new KernelGate(TimeProvider.System);
        using var watch = lab.Node.Run(() => new KernelWatchLoop(gate, lab.DataPlane, signals, TimeProvider.System, NullLogger<KernelWatchLoop>.Instance));
        await watch.StartAsync(CancellationToken.None);
        await signals.Reconcile.WaitAsync(TimeSpan.FromMilliseconds(600), CancellationToken.None);

        lab.Node.Execute("nft", "delete", "table", "inet", "vprox");
        await gate.RunAsync(() => lab.ApplyAsync(address), CancellationToken.None);
        lab.Node.Execute("nft", "delete", "table", "inet", "vprox");
        Assert.True(await signals.Reconcile.WaitAsync(TimeSpan.FromSeconds(20), CancellationToken.None));

        await lab.ApplyAsync(address);
        await watch.StopAsync(CancellationToken.None);
    }
}
