using Vprox.Contracts;
using Vprox.NodeAgent.Tests.Given;
using Vprox.NodeAgent.Tests.Imds;

namespace Vprox.NodeAgent.Tests.Consumers;

public sealed class OnTheBusTests(BrokerFixture broker) : IClassFixture<BrokerFixture>, IAsyncLifetime
{
    private readonly StateDirectory _directory = new();
    private readonly string _nodeId = $"i-{Guid.NewGuid():N}";
    private ScriptedImds _imds = null!;
    private AllocatorSide _allocator = null!;

    public async ValueTask InitializeAsync()
    {
        _imds = await ScriptedImds.StartAsync();
        _imds.Values["instance-id"] = _nodeId;
        _allocator = await AllocatorSide.StartAsync(broker.Broker.Uri);
    }

    public async ValueTask DisposeAsync()
    {
        await _allocator.DisposeAsync();
        await _imds.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_placement_goes_from_the_bus_to_the_kernel_and_is_said_to_serve_when_IMDS_shows_it()
    {
        await using var agent = await StartAgentAsync();
        var joined = await JoinedAsync();
        Assert.Equal(_nodeId, joined.InstanceId);
        Answer(WholeAgent.Placed(joined, 0, 1));

        await _allocator.Publisher.PublishAsync(WholeAgent.Placed(joined, 0, 1), CancellationToken.None);
        await Eventually.EqualAsync(1, () => agent.Kernel.Devices.Count);
        Assert.DoesNotContain(_allocator.Heard.Of<StaticIpServing>(), serving => serving.NodeId == _nodeId);

        Show(0);
        await Eventually.TrueAsync(() => _allocator.Heard.Of<StaticIpServing>().Any(serving => serving.NodeId == _nodeId && serving.Generation == 1), "it serves");
        // Two messages, of which either may arrive first.
        await Eventually.TrueAsync(() => _allocator.Heard.Of<NodeAddressesChanged>().Any(changed =>
            changed.NodeId == _nodeId && changed.NetworkInterfaces[0].SecondaryAddresses.Contains(Some.PrivateAddress(0).ToString())), "its addresses are heard of");
    }

    [Fact]
    public async Task An_address_moves_away_without_a_gap_and_is_let_go_when_IMDS_shows_it()
    {
        await using var agent = await StartAgentAsync();
        var joined = await JoinedAsync();
        Answer(WholeAgent.Placed(joined, 0, 1));
        Show(0);
        await Eventually.EqualAsync(1, () => agent.State.Serving.Count);

        Answer();
        await _allocator.Publisher.PublishAsync(Some.Message(0, 2, "i-other"), CancellationToken.None);
        await Eventually.EqualAsync(0, () => agent.State.Serving.Count);
        Assert.Equal("ens5", Assert.Single(agent.Kernel.Applied.Last().Addresses).LinkName);

        Show();
        await _allocator.Publisher.PublishAsync(
            new IpReassigned { Address = Some.PublicAddress(0).ToString(), FromNodeId = _nodeId, ToNodeId = "i-other", Generation = 2, StepsMs = new Dictionary<string, double>() },
            CancellationToken.None);
        await Eventually.EqualAsync(0, () => agent.Kernel.Devices.Count);
    }

    [Fact]
    public async Task An_agent_that_seldom_looks_at_IMDS_looks_at_once_when_it_hears_that_EC2_has_moved_an_address()
    {
        await using var agent = await StartAgentAsync(poll: "00:05:00");
        Answer(WholeAgent.Placed(await JoinedAsync(), 0, 1));
        Show(0);
        await Eventually.EqualAsync(1, () => agent.State.Serving.Count);
        // Nothing is awaited any more: from here on only the hint can make it look, in five minutes the timer.
        await Eventually.TrueAsync(
            async () =>
            {
                var readings = _imds.Readings;
                await Task.Delay(TimeSpan.FromSeconds(1));
                return _imds.Readings == readings;
            },
            "it has stopped looking");

        Show();
        await _allocator.Publisher.PublishAsync(
            new IpReassigned { Address = Some.PublicAddress(0).ToString(), FromNodeId = _nodeId, ToNodeId = "i-other", Generation = 2, StepsMs = new Dictionary<string, double>() },
            CancellationToken.None);

        await Eventually.EqualAsync(0, () => agent.State.Serving.Count);
    }

    [Fact]
    public async Task An_IMDS_that_fails_takes_no_address_away_and_one_that_no_longer_shows_it_does_so_unasked()
    {
        await using var agent = await StartAgentAsync();
        Answer(WholeAgent.Placed(await JoinedAsync(), 0, 1));
        Show(0);
        await Eventually.EqualAsync(1, () => agent.State.Serving.Count);

        _imds.Status = 503;
        var asked = _imds.Gets;
        await Eventually.TrueAsync(() => _imds.Gets >= asked + 3, "it goes on asking");
        Assert.Single(agent.State.Serving);
        Assert.Equal("ens5", Assert.Single(agent.Kernel.Applied.Last().Addresses).LinkName);

        // Placed here still, and no message says that it has gone.
        Show();
        _imds.Status = 200;
        await Eventually.EqualAsync(0, () => agent.State.Serving.Count);
        await Eventually.TrueAsync(() => agent.Kernel.Applied.Last().Addresses is [{ LinkName: null }], "it is off its network interface and stands ready");
    }

    [Fact]
    public async Task A_released_address_is_torn_down()
    {
        await using var agent = await StartAgentAsync();
        var joined = await JoinedAsync();
        await _allocator.Publisher.PublishAsync(WholeAgent.Placed(joined, 0, 1), CancellationToken.None);
        await Eventually.EqualAsync(1, () => agent.Kernel.Devices.Count);
        await _allocator.Publisher.PublishAsync(
            new StaticIpReleased { Address = Some.PublicAddress(0).ToString(), NodeId = _nodeId, Generation = 2 }, CancellationToken.None);
        await Eventually.EqualAsync(0, () => agent.Kernel.Devices.Count);
    }

    [Fact]
    public async Task A_placement_whose_message_was_lost_is_asked_for_when_EC2_has_moved_the_address()
    {
        await using var agent = await StartAgentAsync();
        var joined = await JoinedAsync();
        Answer(WholeAgent.Placed(joined, 0, 5));
        await _allocator.Publisher.PublishAsync(
            new IpReassigned { Address = Some.PublicAddress(0).ToString(), ToNodeId = _nodeId, Generation = 5, StepsMs = new Dictionary<string, double>() },
            CancellationToken.None);
        await Eventually.EqualAsync(1, () => agent.Kernel.Devices.Count);
    }

    [Fact]
    public async Task Heartbeats_are_heard()
    {
        await using var agent = await StartAgentAsync();
        await Eventually.TrueAsync(() => _allocator.Heard.Of<NodeHeartbeat>().Count(heartbeat => heartbeat.NodeId == _nodeId) >= 3, "three heartbeats");
    }

    [Theory]
    [InlineData("192.0.2.300", 49152)]
    [InlineData("192.0.2.1", 1)]
    public async Task A_malformed_placement_harms_nothing(string address, int port)
    {
        await using var agent = await StartAgentAsync();
        var joined = await JoinedAsync();
        await _allocator.Publisher.PublishAsync(WholeAgent.Placed(joined, 0, 1) with { Address = address, ListenPort = port }, CancellationToken.None);
        await _allocator.Publisher.PublishAsync(WholeAgent.Placed(joined, 1, 1), CancellationToken.None);
        await Eventually.EqualAsync(1, () => agent.Kernel.Devices.Count);
        Assert.Equal(49153, agent.Kernel.Devices[0].ListenPort);
    }

    [Fact]
    public async Task An_agent_without_a_name_waits_for_IMDS()
    {
        _imds.Status = 503;
        var starting = StartAgentAsync();
        await Eventually.TrueAsync(() => _imds.Gets >= 2, "it asks again");
        Assert.False(starting.IsCompleted);
        _imds.Status = 200;
        await using var agent = await starting;
        Assert.Equal(_nodeId, agent.State.NodeId);
    }

    private Task<WholeAgent> StartAgentAsync(string poll = "00:00:00.1") => WholeAgent.StartAsync(broker.Broker.Uri, _imds.Uri, _directory.Path, poll: poll);

    private async Task<NodeJoined> JoinedAsync()
    {
        await Eventually.TrueAsync(() => _allocator.Heard.Of<NodeJoined>().Any(joined => joined.NodeId == _nodeId), "the node joins");
        return _allocator.Heard.Of<NodeJoined>().First(joined => joined.NodeId == _nodeId);
    }

    private void Answer(params StaticIpPlaced[] placements) =>
        _allocator.Heard.Snapshots[_nodeId] = new NodeSnapshot { NodeId = _nodeId, Known = true, Placements = placements };

    private void Show(params int[] slots)
    {
        _imds.Set(ScriptedImds.Mac, "local-ipv4s", string.Join('\n', slots.Select(Some.PrivateAddress).Prepend(Addressing.Ipv4.Parse("10.0.1.10"))));
        foreach (var slot in slots)
            _imds.Set(ScriptedImds.Mac, $"ipv4-associations/{Some.PublicAddress(slot)}", Some.PrivateAddress(slot).ToString());
        _imds.Set(ScriptedImds.Mac, "public-ipv4s", string.Join('\n', slots.Select(Some.PublicAddress)));
    }
}
