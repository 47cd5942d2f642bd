using Vprox.Addressing;
using Vprox.NodeAgent.Core.Peers;
using Vprox.NodeAgent.Tests.Given;
using Vprox.NodeAgent.Workers;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.Workers;

public sealed class ConnectBatchesTests : IAsyncDisposable
{
    private readonly StateDirectory _directory = new();
    private TestNode? _node;

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_crowd_is_connected_in_the_order_it_came_and_in_few_writes()
    {
        const int crowd = 600;
        var node = await StartAsync();
        var may = new TaskCompletionSource();
        node.Kernel.MaySetPeers = may.Task;

        // Without inner addresses of their own each takes the next free one.
        var connects = Enumerable.Range(1, crowd).Select(number => ConnectAsync(node, number)).ToList();
        await Eventually.TrueAsync(() => node.State.PeerCount > 0, "the first one is at the kernel");
        may.SetResult();
        var outcomes = await Task.WhenAll(connects);

        Assert.Equal(
            AddressLayout.SharedAddresses(Some.Inner(0)).Take(crowd),
            outcomes.Select(outcome => Assert.IsType<ConnectOutcome.Connected>(outcome).Peer.InnerAddresses[0]));
        Assert.Equal(crowd, node.Kernel.Written.Sum());
        Assert.InRange(node.Kernel.Written.Count, 3, 5);
        Assert.Equal(crowd, Assert.Single(node.Kernel.Devices).Peers.Count);
    }

    [Fact]
    public async Task What_the_kernel_refuses_leaves_nothing_and_holds_nobody_up()
    {
        var node = await StartAsync();
        node.Kernel.Refusal = "no buffer space";
        await Assert.ThrowsAsync<WireGuardException>(() => ConnectAsync(node, 1));
        Assert.Equal(0, node.State.PeerCount);

        node.Kernel.Refusal = null;

        Assert.IsType<ConnectOutcome.Connected>(await ConnectAsync(node, 2));
        Assert.Equal(Some.Key(2), Assert.Single(Assert.Single(node.Kernel.Devices).Peers).PublicKey);
    }

    [Fact]
    public async Task A_peer_that_another_displaces_before_either_is_in_the_kernel_does_not_get_there()
    {
        var node = await StartAsync();
        var may = new TaskCompletionSource();
        node.Kernel.MaySetPeers = may.Task;
        var first = ConnectAsync(node, 1);
        await Eventually.TrueAsync(() => node.State.PeerCount > 0, "the first one is at the kernel");
        var inner = AddressLayout.AddressOfBlock(Some.Inner(0), 0);

        var ended = node.Tunnels.ConnectAsync(node.State.Serving.Single(), new ConnectRequest(Some.Key(2), [inner], Some.Now, LeaseExpiresAt: Some.Now));
        var heir = node.Tunnels.ConnectAsync(node.State.Serving.Single(), new ConnectRequest(Some.Key(3), [inner], Some.Now, LeaseExpiresAt: null));
        may.SetResult();
        await Task.WhenAll(first, ended, heir);

        Assert.Equal([Some.Key(1), Some.Key(3)], Assert.Single(node.Kernel.Devices).Peers.Select(peer => peer.PublicKey));
    }

    private async Task<TestNode> StartAsync()
    {
        _node = await TestNode.StartAsync(_directory.Path);
        await _node.ServeAsync(0);
        return _node;
    }

    private static Task<ConnectOutcome> ConnectAsync(TestNode node, int number) => node.Tunnels.ConnectAsync(
        node.State.Serving.Single(), new ConnectRequest(Some.Key(number), [], Some.Now, LeaseExpiresAt: null));
}
