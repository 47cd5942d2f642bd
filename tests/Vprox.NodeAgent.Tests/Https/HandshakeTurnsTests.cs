using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Vprox.NodeAgent.Https;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.Https;

public sealed class HandshakeTurnsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task No_more_begin_at_once_than_there_are_turns_and_the_next_in_line_follows()
    {
        using var turns = new HandshakeTurns(2, _time);
        using var first = await turns.TakeAsync(CancellationToken.None);
        using var second = await turns.TakeAsync(CancellationToken.None);
        var third = turns.TakeAsync(CancellationToken.None);
        var fourth = turns.TakeAsync(CancellationToken.None);
        Assert.False(third.IsCompleted);

        first.Dispose();

        using var turn = await third;
        Assert.False(fourth.IsCompleted);
        second.Dispose();
        (await fourth).Dispose();
    }

    [Fact]
    public async Task Who_takes_long_holds_nobody_up_and_gives_its_turn_back_once()
    {
        using var turns = new HandshakeTurns(1, _time);
        var slow = await turns.TakeAsync(CancellationToken.None);
        var next = turns.TakeAsync(CancellationToken.None);

        _time.Advance(HandshakeTurns.Longest);

        (await next).Dispose();
        slow.Dispose();
        Assert.Equal(1, turns.Free);
    }

    [Fact]
    public async Task Who_goes_before_its_turn_takes_none()
    {
        using var turns = new HandshakeTurns(1, _time);
        using var gone = new CancellationTokenSource();
        var only = await turns.TakeAsync(CancellationToken.None);
        var impatient = turns.TakeAsync(gone.Token);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        only.Dispose();
        Assert.Equal(1, turns.Free);
    }

    [Fact]
    public async Task Connections_that_say_nothing_hold_up_nobody_and_every_turn_comes_back()
    {
        using var directory = new StateDirectory();
        await using var node = await TestNode.StartAsync(directory.Path);
        await node.ServeAsync(0);
        var all = node.HandshakeTurns.Free;
        var silent = Enumerable.Range(0, 2 * all).Select(_ => new TcpClient()).ToList();
        await Task.WhenAll(silent.Select(client => client.ConnectAsync(TestNode.PrivateAddress(0), node.Port)));
        using var client = new PeerClient(node, TestNode.PrivateAddress(0));

        var response = await client.PostAsync("/connect", node.Token(0, Some.Key(1), 1), Some.Key(1));

        Assert.True(response.IsSuccessStatusCode);
        silent.ForEach(each => each.Dispose());
        await Eventually.TrueAsync(() => node.HandshakeTurns.Free == all, "all turns are free again");
    }
}
