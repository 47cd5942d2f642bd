using CsCheck;
using Vprox.Lab.Namespaces;
using Vprox.Nftables;
using Vprox.WorkerAgent.Adapters.Kernel;
using Vprox.WorkerAgent.Core;
using Vprox.WorkerAgent.Tests.Core;
using Vprox.WorkerAgent.Tests.Live;

namespace Vprox.WorkerAgent.Tests.Adapters;

/// <summary>Against the kernel's nftables.</summary>
[Collection(ManyFiles.Name)]
public sealed class RulesetInForceTests : IDisposable
{
    private readonly NetworkNamespace _here = NetworkNamespace.Create(NetworkNamespace.RandomPrefix());
    private readonly NetworkNamespace _beside = NetworkNamespace.Create(NetworkNamespace.RandomPrefix());
    private readonly Nft _nft;
    private readonly Nft _other;
    private readonly RulesetInForce _ruleset;

    public RulesetInForceTests()
    {
        (_nft, _ruleset) = _here.Run(() =>
        {
            var nft = new Nft();
            return (nft, new RulesetInForce(nft));
        });
        _other = _beside.Run(() => new Nft());
    }

    [Fact]
    public void Whatever_came_before_the_kernel_holds_what_the_whole_ruleset_says() => Generate.Change.Sample(change =>
    {
        foreach (var worker in (DesiredWorker[])[change.First, change.Second])
        {
            var ruleset = Render(worker);
            if (_ruleset.Read() != ruleset)
                _ruleset.Replace(ruleset);
            Assert.Equal(ruleset, _ruleset.Read());
            _other.Run("flush ruleset\n" + ruleset.Text);
            Assert.Equal(WhatActs(_other), WhatActs(_nft));
        }
    }, iter: 40, threads: 1);

    [Fact]
    public void Rules_are_not_written_again_when_a_container_goes_and_others_and_a_tunnel_come()
    {
        var before = WorkerPlannerTests.OneContainer();
        _ruleset.Replace(Render(before));
        var handles = Handles();
        var after = Render(before with
        {
            Tunnels = [before.Tunnels[0], Generate.Tunnel(1).Single()],
            Containers = [before.Containers[0] with { Ip = System.Net.IPAddress.Parse("10.88.0.3") }, before.Containers[0] with { Ip = System.Net.IPAddress.Parse("10.88.0.4"), Tunnel = 1 }],
        });
        _ruleset.Replace(after);
        Assert.Empty(handles.Except(Handles()));
        Assert.Contains("10.88.0.3", _nft.Text("list set inet vprox_worker containers"), StringComparison.Ordinal);
        Assert.DoesNotContain("10.88.0.2", _nft.Text("list ruleset"), StringComparison.Ordinal);
        Assert.Equal(after, _ruleset.Read());
    }

    [Fact]
    public void Somebody_elses_transaction_elsewhere_changes_nothing()
    {
        var before = WorkerPlannerTests.OneContainer();
        _ruleset.Replace(Render(before));
        _nft.Run("table ip docker { chain c { counter; }; }");
        Assert.Equal(Render(before), _ruleset.Read());

        // Also between two changes of ours, which nobody looked between: not all is written again.
        var handles = Handles();
        _nft.Run("flush table ip docker");
        var after = Render(before with { Containers = [before.Containers[0] with { Ip = System.Net.IPAddress.Parse("10.88.0.3") }] });
        _ruleset.Replace(after);
        Assert.Equal(after, _ruleset.Read());
        Assert.Empty(handles.Where(line => !line.Contains("counter", StringComparison.Ordinal)).Except(Handles()));
    }

    [Theory]
    [InlineData("delete element inet vprox_worker containers { 10.88.0.2 }")]
    [InlineData("add element inet vprox_worker paths { 10.88.0.77 . \"vw0\" }")]
    [InlineData("flush chain inet vprox_worker forward")]
    [InlineData("delete table inet vprox_worker")]
    [InlineData("flush ruleset")]
    public void Somebody_elses_change_of_our_table_is_seen_and_mended(string change)
    {
        var ruleset = Render(WorkerPlannerTests.OneContainer());
        _ruleset.Replace(ruleset);
        var list = _nft.Text("list ruleset");
        _nft.Run(change);
        Assert.Null(_ruleset.Read());
        _ruleset.Replace(ruleset);
        Assert.Equal(ruleset, _ruleset.Read());
        Assert.Equal(list, _nft.Text("list ruleset"));
    }

    [Theory]
    [InlineData("delete element inet vprox_worker containers { 10.88.0.2 }")]
    [InlineData("add element inet vprox_worker zones { 10.88.0.3 : 7 }")]
    [InlineData("flush ruleset")]
    public void Between_two_changes_of_ours_somebody_elses_costs_the_whole_ruleset(string change)
    {
        var before = WorkerPlannerTests.OneContainer();
        var after = Render(before with { Containers = [before.Containers[0] with { Ip = System.Net.IPAddress.Parse("10.88.0.3") }] });
        _ruleset.Replace(Render(before));
        _nft.Run(change);
        _ruleset.Replace(after);
        Assert.Equal(after, _ruleset.Read());
        _other.Run(after.Text);
        Assert.Equal(_other.Text("list ruleset"), _nft.Text("list ruleset"));
    }

    [Fact]
    public void When_the_kernel_refuses_a_small_change_it_is_given_the_whole_ruleset()
    {
        // A kernel that lost an element without a word: what is in force says that it is there.
        var ruleset = Render(WorkerPlannerTests.OneContainer());
        var lost = ruleset with { Tail = ruleset.Tail + "flush set inet vprox_worker containers\n" };
        var wanted = lost with { Sets = [.. lost.Sets.Select(set => set with { Elements = [] })] };
        _ruleset.Replace(lost);
        Assert.Throws<NftException>(() => _nft.Check(lost.ChangesTo(wanted)!));
        _ruleset.Replace(wanted);
        Assert.Equal(wanted, _ruleset.Read());
        Assert.DoesNotContain("elements", _nft.Text("list map inet vprox_worker zones"), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _ruleset.Dispose();
        _nft.Dispose();
        _other.Dispose();
        _here.Dispose();
        _beside.Dispose();
    }

    private List<string> Handles() => [.. _here.Execute("nft", "-a", "list", "ruleset").Split('\n').Where(line => line.Contains(" # handle ", StringComparison.Ordinal))];

    // Of a slot that is free again the counter stays, and the empty chain. Chains are listed in the order in which they were made.
    private static string WhatActs(Nft nft) => string.Join("\n\n", nft.Text("list table inet vprox_worker").TrimEnd()[..^1].Split("\n\n")
        .Select(part => part.Trim()).Where(part => !part.Contains("counter opened_", StringComparison.Ordinal) && part.Split('\n').Length > 2 || part.StartsWith("table", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal));

    private static Ruleset Render(DesiredWorker worker) => WorkerRuleset.Render(worker, stillHeld: []);
}
