using Vprox.Contracts;
using Vprox.Identity;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.Workers;

public sealed class SnapshotTests : IDisposable
{
    private readonly StateDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_node_joins_with_what_IMDS_shows_and_takes_its_placements_page_by_page()
    {
        await using var node = await TestNode.StartAsync(_directory.Path);
        node.Bus.Snapshot = request => request.After is null
            ? Page("192.0.2.1", node.Placed(0, 1))
            : Page(null, node.Placed(1, 1));
        node.Show(0, 1);
        await Eventually.EqualAsync(2, () => node.State.Serving.Count);
        var joined = node.Bus.Of<NodeJoined>().First();
        Assert.Equal("https://10.0.1.10:0", joined.ProbeUrl);
        Assert.Equal(node.SealingKey.PublicKey.ToString(), joined.SealingPublicKey);
        Assert.Equal(["127.0.1.11", "127.0.1.12"], Assert.Single(joined.NetworkInterfaces).SecondaryAddresses);
    }

    [Fact]
    public async Task A_node_that_the_Allocator_does_not_know_joins_until_it_does()
    {
        await using var node = await TestNode.StartAsync(_directory.Path);
        var asked = 0;
        node.Bus.Snapshot = _ => asked++ < 2 ? Page(null) with { Known = false } : Page(null, node.Placed(0, 1));
        node.Show(0);
        await Eventually.EqualAsync(1, () => node.State.Serving.Count);
        Assert.True(node.Bus.Of<NodeJoined>().Count() >= 3);
    }

    [Fact]
    public async Task An_Allocator_that_does_not_know_the_node_takes_nothing_from_it()
    {
        await using var node = await TestNode.StartAsync(_directory.Path);
        await node.ServeAsync(0);
        node.Bus.Snapshot = _ => Page(null) with { Known = false };
        var joined = node.Bus.Of<NodeJoined>().Count();
        await Eventually.TrueAsync(() => node.Bus.Of<NodeJoined>().Count() > joined + 2, "it joined again");
        Assert.Single(node.State.Serving);
    }

    [Fact]
    public async Task A_placement_that_no_snapshot_names_leaves_once_IMDS_shows_it_gone()
    {
        await using var node = await TestNode.StartAsync(_directory.Path);
        await node.ServeAsync(0);
        node.Bus.Snapshot = _ => Page(null);
        node.Signals.Snapshot.Raise();
        await Eventually.EqualAsync(0, () => node.State.Serving.Count);
        Assert.Single(node.Kernel.Devices);
        node.Show();
        await Eventually.EqualAsync(0, () => node.Kernel.Devices.Count);
    }

    [Fact]
    public async Task What_serves_is_said_once_when_it_begins_and_again_on_the_timer()
    {
        await using var node = await TestNode.StartAsync(_directory.Path);
        node.Bus.Snapshot = _ => Page(null, node.Placed(0, 1));
        await node.ServeAsync(0);
        await Eventually.TrueAsync(() => node.Bus.Of<StaticIpServing>().Count() >= 3, "it was said again");
        Assert.All(node.Bus.Of<StaticIpServing>(), serving => Assert.Equal((Some.PublicAddress(0).ToString(), 1L), (serving.Address, serving.Generation)));
    }

    [Fact]
    public async Task A_seal_for_another_key_is_asked_for_again_and_then_opens()
    {
        await using var node = await TestNode.StartAsync(_directory.Path, configure: options => options.SnapshotInterval = TimeSpan.FromHours(1));
        var asked = 0;
        node.Bus.Snapshot = _ => asked++ == 0 ? Page(null) : Page(null, node.Placed(0, 1));
        node.Show(0);
        await Eventually.TrueAsync(() => asked > 0, "the first snapshot");
        var foreign = SealedIdentity.Seal(Some.Identity, SealingKey.Generate().PublicKey, Some.PublicAddress(0), Some.Node);
        node.Intake.Take(node.Placed(0, 1) with { SealedIdentity = foreign }, confirmed: false);
        await Eventually.EqualAsync(1, () => node.State.Serving.Count);
        Assert.True(node.Bus.Of<NodeJoined>().Count() >= 2);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not base64")]
    [InlineData("AAAA")]
    public async Task A_seal_that_never_opens_harms_nothing_else(string? garbage)
    {
        await using var node = await TestNode.StartAsync(_directory.Path);
        node.Bus.Snapshot = _ => Page(null, node.Placed(0, 1) with { SealedIdentity = garbage! }, node.Placed(1, 1));
        node.Show(0, 1);
        await Eventually.EqualAsync(1, () => node.State.Serving.Count);
        Assert.Equal(Some.PublicAddress(1), node.State.Serving[0].Address);
    }

    [Fact]
    public async Task A_malformed_placement_in_a_snapshot_is_passed_over_and_does_not_count_as_gone()
    {
        await using var node = await TestNode.StartAsync(_directory.Path);
        await node.ServeAsync(0);
        node.Bus.Snapshot = _ => Page(null, node.Placed(0, 1) with { ListenPort = 7 }, node.Placed(1, 1));
        node.Show(0, 1);
        await Eventually.EqualAsync(2, () => node.State.Serving.Count);
    }

    [Fact]
    public async Task A_peer_in_a_snapshot_that_has_the_addresss_own_key_does_not_get_to_the_kernel()
    {
        await using var node = await TestNode.StartAsync(_directory.Path);
        node.Bus.Snapshot = _ => Page(null, node.Placed(0, 1, Some.Peer(0, 0, Some.Identity.ServerPublicKey), Some.Peer(0, 1, Some.Key(1))));
        node.Show(0);
        await Eventually.EqualAsync(1, () => node.State.Serving.Count);
        Assert.Equal([Some.Key(1)], Assert.Single(node.Kernel.Devices).Peers.Select(peer => peer.PublicKey));
    }

    [Fact]
    public async Task Idle_peers_are_removed_and_the_bus_hears_of_it()
    {
        await using var node = await TestNode.StartAsync(_directory.Path, configure: options => options.IdlePeerAfter = TimeSpan.FromSeconds(1));
        await node.ServeAsync(0);
        using var client = new PeerClient(node, TestNode.PrivateAddress(0));
        (await client.PostAsync("/connect", node.Token(0, Some.Key(1), 0), Some.Key(1))).Dispose();
        await Eventually.EqualAsync("idle", () => node.Bus.Of<PeerRemoved>().FirstOrDefault()?.Reason);
        Assert.Empty(Assert.Single(node.Kernel.Devices).Peers);
    }

    [Fact]
    public async Task Heartbeats_count_up_and_do_not_pile_up_while_the_bus_is_away()
    {
        await using var node = await TestNode.StartAsync(_directory.Path, configure: options => options.HeartbeatInterval = TimeSpan.FromMilliseconds(50));
        await Eventually.TrueAsync(() => node.Bus.Of<NodeHeartbeat>().Count() >= 3, "three heartbeats");
        var sequences = node.Bus.Of<NodeHeartbeat>().Select(heartbeat => heartbeat.Sequence).ToList();
        Assert.Equal(sequences.Order(), sequences);
        node.Bus.Disconnect();
        var count = node.Bus.Of<NodeHeartbeat>().Count();
        node.Bus.Connect();
        await Eventually.TrueAsync(() => node.Bus.Of<NodeHeartbeat>().Count() > count, "one more");
    }

    private static NodeSnapshot Page(string? next, params StaticIpPlaced[] placements) =>
        new() { NodeId = Some.Node, Known = true, Placements = placements, Next = next };
}
