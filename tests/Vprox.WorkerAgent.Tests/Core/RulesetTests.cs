using CsCheck;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Tests.Core;

public sealed class RulesetTests
{
    [Fact]
    public void A_change_of_containers_and_tunnels_leaves_what_the_whole_ruleset_would() => Generate.Change.Sample(change =>
    {
        var (first, second) = (Render(change.First), Render(change.Second));
        var commands = first.ChangesTo(second);
        Assert.NotNull(commands);
        Assert.Equal(new NftModel().Run(second.Text).ToString(), new NftModel().Run(first.Text).Run(commands).ToString());
        Assert.Equal(first == second, commands.Length == 0);
    });

    [Fact]
    public void There_and_back_again_leaves_what_was() => Generate.Change.Sample(change =>
    {
        var (first, second) = (Render(change.First), Render(change.Second));
        Assert.Equal(
            new NftModel().Run(first.Text).ToString(),
            new NftModel().Run(first.Text).Run(first.ChangesTo(second)!).Run(second.ChangesTo(first)!).ToString());
    });

    [Fact]
    public void It_names_nothing_that_stays() => Generate.Change.Sample(change =>
    {
        var (first, second) = (Render(change.First), Render(change.Second));
        var kept = first.Sets.SelectMany((set, i) => set.Elements.Intersect(second.Sets[i].Elements).Select(element => (set.Set, element)));
        var lines = first.ChangesTo(second)!.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var named = lines.Where(line => line.Contains(" element ", StringComparison.Ordinal)).Select(line => line.Split(' ', 7))
            .SelectMany(words => words[6][..^2].Split(", ").Select(element => (words[4], element)));
        Assert.Empty(kept.Intersect(named));
        Assert.DoesNotContain(lines, line => first.Chains.Intersect(second.Chains).Any(chain => line.Contains($" chain inet vprox_worker {chain.Name}", StringComparison.Ordinal)));
    });

    [Fact]
    public void Another_guard_needs_the_whole_ruleset() => Gen.Select(Generate.Worker, Generate.Worker).Sample((one, other) =>
    {
        var differ = one.Guard.Interfaces.Count != other.Guard.Interfaces.Count;
        Assert.Equal(differ, Render(one).ChangesTo(Render(other)) is null);
    });

    private static Ruleset Render(DesiredWorker worker) => WorkerRuleset.Render(worker, stillHeld: []);
}
