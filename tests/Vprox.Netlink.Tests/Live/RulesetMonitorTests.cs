namespace Vprox.Netlink.Tests.Live;

public sealed class RulesetMonitorTests : LiveTest
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly RulesetMonitor _monitor;
    private readonly RulesetGeneration _generation;

    public RulesetMonitorTests()
    {
        _monitor = Inside.Run(() => RulesetMonitor.Open("ours"));
        _generation = Inside.Run(RulesetGeneration.Open);
        Nft("table inet ours { set s { type ipv4_addr; }; chain c { counter; }; counter n { }; }; table ip ours { chain c { }; }; table inet other { chain c { }; }");
    }

    [Theory]
    [InlineData("add element inet ours s { 10.0.0.1 }", 1)]
    [InlineData("add rule inet ours c accept", 1)]
    [InlineData("flush chain inet ours c", 1)]
    [InlineData("delete counter inet ours n", 1)]
    [InlineData("add rule inet other c accept; add rule inet ours c accept; add rule inet other c accept", 1)]
    [InlineData("delete table inet ours", 1)]
    [InlineData("flush ruleset", 1)]
    [InlineData("add rule inet other c accept", 0)]
    [InlineData("add rule ip ours c accept", 0)]
    [InlineData("delete table ip ours", 0)]
    public void A_change_of_the_table_is_told_from_one_of_another(string commands, int changes)
    {
        var before = _generation.Read();
        Nft(commands);
        Assert.Equal(changes, _monitor.Changes(before, _generation.Read()));
    }

    [Fact]
    public void Each_transaction_counts_and_what_was_asked_for_once_is_forgotten()
    {
        var before = _generation.Read();
        Nft("add rule inet ours c accept");
        Nft("add rule inet other c accept");
        var between = _generation.Read();
        Nft("add element inet ours s { 10.0.0.1 }");
        var after = _generation.Read();
        Assert.Equal(2, _monitor.Changes(before, after));
        Assert.Equal(1, _monitor.Changes(between, after));
        Assert.Equal(0, _monitor.Changes(after, after));
        Assert.Null(_monitor.Changes(before, after));
        Assert.Null(_monitor.Changes(after, before));
    }

    [Fact]
    public void What_the_kernel_could_not_tell_is_not_taken_for_nothing()
    {
        var before = _generation.Read();
        // More than the socket's buffer holds.
        for (var block = 0; block < 40; block++)
            Nft($"add element inet ours s {{ {string.Join(", ", Enumerable.Range(0, 1000).Select(i => $"10.{block}.{i / 250}.{i % 250}"))} }}");
        Assert.NotEqual(0, _monitor.Changes(before, _generation.Read()) ?? -1);

        // Whatever was lost: of the next one it is not said that it changed nothing, of the one after that it is known.
        before = _generation.Read();
        Nft("add element inet ours s { 10.200.0.1 }");
        Assert.NotEqual(0, _monitor.Changes(before, _generation.Read()) ?? -1);
        before = _generation.Read();
        Nft("add rule inet other c accept");
        Assert.Equal(0, _monitor.Changes(before, _generation.Read()));
    }

    [Fact]
    public async Task A_change_of_the_table_is_waited_for_and_one_of_another_is_not()
    {
        await _monitor.WaitAsync(CancellationToken.None).WaitAsync(Deadline);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        Nft("add rule inet other c accept");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _monitor.WaitAsync(patience.Token).WaitAsync(Deadline));

        Nft("add rule inet other c accept");
        Nft("add rule inet ours c accept");
        await _monitor.WaitAsync(CancellationToken.None).WaitAsync(Deadline);
    }

    public override void Dispose()
    {
        _monitor.Dispose();
        _generation.Dispose();
        base.Dispose();
    }

    private void Nft(string commands) => Inside.Execute("nft", commands);
}
