using Vprox.Addressing;
using Vprox.Contracts;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.Workers;

/// <summary>From the placement to the handshake.</summary>
public sealed class ArrivalTests : IDisposable
{
    private readonly StateDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_placement_is_prepared_before_the_address_arrives_and_said_to_be()
    {
        await using var node = await TestNode.StartAsync(_directory.Path);
        node.Show();
        node.Intake.Take(node.Placed(0, 3, Some.Peer(0, 1, Some.Key(1), "198.51.100.7:40000")), confirmed: false);

        await Eventually.TrueAsync(() => node.Bus.Of<StaticIpPrepared>().Any(), "it is prepared");

        var prepared = node.Bus.Of<StaticIpPrepared>().First();
        Assert.Equal((Some.PublicAddress(0).ToString(), Some.Node, 3), (prepared.Address, prepared.NodeId, prepared.Generation));
        Assert.Null(Assert.Single(node.Kernel.Applied.Last().Addresses).LinkName);
        Assert.Empty(node.Bus.Of<StaticIpServing>());
        Assert.Empty(node.Kernel.Handshakes);
    }

    [Fact]
    public async Task What_is_prepared_is_said_again_with_every_snapshot_until_it_has_arrived()
    {
        await using var node = await TestNode.StartAsync(_directory.Path);
        node.Bus.Snapshot = _ => new NodeSnapshot { NodeId = Some.Node, Known = true, Placements = [node.Placed(0, 1)] };
        node.Show();
        node.Intake.Take(node.Placed(0, 1), confirmed: false);

        await Eventually.TrueAsync(() => node.Bus.Of<StaticIpPrepared>().Count() > 2, "it is said again");
        node.Show(0);
        await Eventually.TrueAsync(() => node.Bus.Of<StaticIpServing>().Any(), "it serves");

        var said = node.Bus.Of<StaticIpPrepared>().Count();
        var snapshots = node.Bus.Of<NodeJoined>().Count();
        await Eventually.TrueAsync(() => node.Bus.Of<NodeJoined>().Count() > snapshots + 1, "two more snapshots");
        Assert.Equal(said, node.Bus.Of<StaticIpPrepared>().Count());
    }

    [Fact]
    public async Task An_address_that_arrives_while_a_long_round_is_under_way_does_not_wait_for_its_end()
    {
        await using var node = await TestNode.StartAsync(_directory.Path);
        node.Show();
        node.Intake.Take(node.Placed(0, 1, Some.Peer(0, 1, Some.Key(1), "198.51.100.7:40000")), confirmed: false);
        await Eventually.TrueAsync(() => node.State.Prepared.Count == 1, "the first is prepared");
        var longRound = new TaskCompletionSource();
        node.Kernel.AfterFirstStep = () => longRound.Task;
        var rounds = node.Kernel.Applied.Count;
        node.Intake.Take(node.Placed(1, 1), confirmed: false);
        await Eventually.TrueAsync(() => node.Kernel.Applied.Count > rounds, "the long round has begun");

        node.State.Take(TestNode.Metadata(0));
        await node.Arrivals.TakeInAsync(CancellationToken.None);

        Assert.Equal(Some.PublicAddress(0), Assert.Single(Assert.Single(node.Kernel.ArrivedAtOnce).Addresses).Address);
        await Eventually.TrueAsync(() => node.Bus.Of<StaticIpServing>().Any(), "it serves");
        await Eventually.TrueAsync(() => !node.Kernel.Handshakes.IsEmpty, "its handshake was started");
        node.Kernel.AfterFirstStep = () => Task.CompletedTask;
        longRound.SetResult();
        await Eventually.TrueAsync(() => node.Kernel.Applied.Last().Addresses.Any(address => address.LinkName is not null), "the next round knows of it");
        Assert.Contains(Some.PublicAddress(0), node.State.Arrived);
        Assert.Single(node.Bus.Of<StaticIpServing>().Where(serving => serving.Address == Some.PublicAddress(0).ToString()).Select(serving => serving.Generation).Distinct());
    }

    [Fact]
    public async Task A_handshake_that_does_not_happen_is_begun_anew()
    {
        await using var node = await TestNode.StartAsync(_directory.Path);
        node.Show();
        await Eventually.TrueAsync(() => !node.Kernel.Applied.IsEmpty, "the first round");
        node.Intake.Take(node.Placed(0, 1, Some.Peer(0, 1, Some.Key(1), "198.51.100.7:40000")), confirmed: false);
        node.Show(0);

        await Eventually.TrueAsync(() => node.Kernel.Handshakes.Count > 2, "three initiations");

        Assert.Equal([false, true, true], node.Kernel.Handshakes.Take(3).Select(each => each.Anew));
    }

    [Fact]
    public async Task A_handshake_is_begun_anew_with_the_peer_as_it_is_by_then_and_not_with_one_that_has_gone()
    {
        await using var node = await TestNode.StartAsync(_directory.Path);
        node.Show();
        await Eventually.TrueAsync(() => !node.Kernel.Applied.IsEmpty, "the first round");
        node.Intake.Take(node.Placed(0, 1, Some.Peer(0, 1, Some.Key(1), "198.51.100.7:40000"), Some.Peer(0, 2, Some.Key(2), "198.51.100.8:40000")), confirmed: false);
        node.Show(0);
        await Eventually.TrueAsync(() => node.Kernel.Handshakes.Any(each => each.Anew && each.Key == Some.Key(2)), "both are tried again");

        Assert.True(await node.Tunnels.RemoveAsync(node.State.Find(Some.PublicAddress(0))!.Here!, Some.Key(2), "idle", CancellationToken.None));
        using var client = new PeerClient(node, TestNode.PrivateAddress(0));
        (await client.PostAsync("/connect", node.Token(0, Some.Key(1), 1, 2), Some.Key(1))).Dispose();
        var before = node.Kernel.Handshakes.Count;
        await Eventually.TrueAsync(() => node.Kernel.Handshakes.Count > before + 1, "the other is tried on");

        var later = node.Kernel.Handshakes.Skip(before).ToList();
        Assert.All(later, each => Assert.Equal(Some.Key(1), each.Key));
        Assert.All(later, each => Assert.Equal([AddressLayout.AddressOfBlock(Some.Inner(0), 1), AddressLayout.AddressOfBlock(Some.Inner(0), 2)], each.Inner));
    }

    [Fact]
    public async Task What_the_kernel_keeps_refusing_is_in_the_heartbeats_until_it_is_healed()
    {
        await using var node = await TestNode.StartAsync(_directory.Path);
        await node.ServeAsync(0);
        node.Kernel.Refusal = "nft: out of memory";
        node.Intake.Take(node.Placed(1, 1), confirmed: false);

        await Eventually.TrueAsync(() => node.Bus.Of<NodeHeartbeat>().Any(beat => beat.Trouble?.Contains("out of memory", StringComparison.Ordinal) == true && beat.TroubleMs > 0), "trouble");

        node.Kernel.Refusal = null;
        await Eventually.TrueAsync(() => node.Bus.Of<NodeHeartbeat>().Last().Trouble is null, "no trouble any more");
    }

    [Fact]
    public async Task An_address_that_the_kernel_refuses_is_not_served_and_neither_holds_up_the_others_nor_condemns_the_node()
    {
        await using var node = await TestNode.StartAsync(_directory.Path);
        var served = node.Served;
        await node.ServeAsync(0);
        await node.ServeAsync(1);
        await Eventually.TrueAsync(() => SaidToServe(node, 1) == 1, "both serve");
        node.Kernel.Refused[Some.PublicAddress(1)] = "ip link set vp49153 up: Address already in use";
        node.Kernel.Refused[Some.PublicAddress(2)] = "ip link set vp49154 up: Address already in use";
        foreach (var slot in (int[])[2, 3])
            node.Intake.Take(node.Placed(slot, 1), confirmed: false);
        node.Show(0, 1, 2);

        await Eventually.TrueAsync(() => node.State.Prepared.Any(placement => placement.Address.Equals(Some.PublicAddress(3))), "the fourth is prepared");

        var rounds = node.Kernel.Applied.Count;
        await Eventually.TrueAsync(() => node.Kernel.Applied.Count > rounds + 2, "three rounds are refused");
        Assert.NotNull(served.Find(TestNode.PrivateAddress(0)));
        Assert.Null(served.Find(TestNode.PrivateAddress(1)));
        Assert.Null(served.Find(TestNode.PrivateAddress(2)));
        Assert.Equal([Some.PublicAddress(0)], node.State.Serving.Select(placement => placement.Address));
        Assert.Equal((1, 0, 0), (SaidToServe(node, 1), SaidToServe(node, 2), node.Bus.Of<StaticIpPrepared>().Count(said => said.Address == Some.PublicAddress(2).ToString())));
        Assert.All(node.Bus.Of<NodeHeartbeat>(), beat => Assert.Null(beat.Trouble));

        node.Kernel.Refused.Clear();
        await Eventually.TrueAsync(() => SaidToServe(node, 1) > 1 && SaidToServe(node, 2) > 0, "both are announced once the kernel takes them");
    }

    [Fact]
    public async Task A_node_whose_addresses_are_all_refused_is_in_trouble()
    {
        await using var node = await TestNode.StartAsync(_directory.Path);
        await node.ServeAsync(0);
        node.Kernel.Refused[Some.PublicAddress(0)] = "Address already in use";
        node.Signals.Reconcile.Raise();

        await Eventually.TrueAsync(() => node.Bus.Of<NodeHeartbeat>().LastOrDefault()?.Trouble?.Contains("192.0.2.1: Address already in use", StringComparison.Ordinal) == true, "trouble");

        node.Kernel.Refused.Clear();
        await Eventually.TrueAsync(() => node.Bus.Of<NodeHeartbeat>().Last().Trouble is null, "no trouble any more");
    }

    [Fact]
    public async Task A_heartbeat_says_that_somebody_undoes_what_every_round_puts_right()
    {
        await using var node = await TestNode.StartAsync(_directory.Path);
        await node.ServeAsync(0);
        node.Kernel.Undone = true;
        node.Signals.Reconcile.Raise();

        await Eventually.TrueAsync(() => node.Bus.Of<NodeHeartbeat>().LastOrDefault() is { TroubleMs: > 2000 } beat && beat.Trouble!.Contains("undoes our ruleset", StringComparison.Ordinal), "trouble");

        node.Kernel.Undone = false;
        await Eventually.TrueAsync(() => node.Bus.Of<NodeHeartbeat>().Last().Trouble is null, "no trouble any more");
    }

    [Fact]
    public async Task Heartbeats_go_on_while_the_kernel_hangs_and_say_that_it_does()
    {
        await using var node = await TestNode.StartAsync(_directory.Path);
        await node.ServeAsync(0);
        var hangs = new TaskCompletionSource();
        node.Kernel.MaySetPeers = hangs.Task;
        using var client = new PeerClient(node, TestNode.PrivateAddress(0));
        var connect = client.PostAsync("/connect", node.Token(0, Some.Key(1), 0), Some.Key(1));

        await Eventually.TrueAsync(() => node.Bus.Of<NodeHeartbeat>().LastOrDefault()?.Trouble?.Contains("not finished a step", StringComparison.Ordinal) == true, "the hang is said");

        hangs.SetResult();
        (await connect).Dispose();
        await Eventually.TrueAsync(() => node.Bus.Of<NodeHeartbeat>().Last().Trouble is null, "no trouble any more");
    }

    private static int SaidToServe(TestNode node, int slot) =>
        node.Bus.Of<StaticIpServing>().Count(said => said.Address == Some.PublicAddress(slot).ToString());
}
