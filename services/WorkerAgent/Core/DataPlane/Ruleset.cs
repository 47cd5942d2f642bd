using System.Text;

namespace Vprox.WorkerAgent.Core;

/// <summary>
/// A whole table as commands for nft. What comes and goes with containers and tunnels stands by itself, so that two rulesets which differ in nothing
/// else are one small transaction apart.
/// </summary>
/// <param name="Table">Family and name, e.g. "inet vprox_worker".</param>
/// <param name="Head">Declares the table and empties it.</param>
/// <param name="Chains">Chains that elements lead to.</param>
/// <param name="Sets">What is in sets and maps, these in an order that is always the same.</param>
/// <param name="Tail">What else it holds.</param>
public sealed record Ruleset(string Table, string Head, IReadOnlyList<RulesetChain> Chains, IReadOnlyList<RulesetElements> Sets, string Tail)
{
    /// <summary>The commands that put it in force whatever was before; one transaction.</summary>
    public string Text => $"{Head}{string.Concat(Chains.Select(Put))}{string.Concat(Sets.Select(set => Command("add", set.Set, set.Elements)))}{Tail}";

    /// <summary>
    /// The commands that make this ruleset, in force, into another by elements and chains alone; null when more than these differ. A chain that is no longer
    /// wanted is left empty, with its counter.
    /// </summary>
    public string? ChangesTo(Ruleset wanted)
    {
        if (Table != wanted.Table || Head != wanted.Head || Tail != wanted.Tail || !Sets.Select(set => set.Set).SequenceEqual(wanted.Sets.Select(set => set.Set)))
            return null;
        var text = new StringBuilder();
        // Deletions first: a map takes no second value for a key.
        foreach (var (had, wants) in Sets.Zip(wanted.Sets))
            text.Append(Command("delete", had.Set, had.Elements.Except(wants.Elements)));
        foreach (var gone in Chains.ExceptBy(wanted.Chains.Select(chain => chain.Name), chain => chain.Name))
            text.Append($"flush chain {Table} {gone.Name}\n");
        // A chain before what leads to it.
        foreach (var chain in wanted.Chains.Except(Chains))
            text.Append(Put(chain));
        foreach (var (had, wants) in Sets.Zip(wanted.Sets))
            text.Append(Command("add", had.Set, wants.Elements.Except(had.Elements)));
        return text.ToString();
    }

    /// <summary>True when a kernel that holds the one holds the other.</summary>
    public bool Equals(Ruleset? other) => other is not null && Table == other.Table && Head == other.Head && Tail == other.Tail
        && Chains.SequenceEqual(other.Chains) && Sets.SequenceEqual(other.Sets);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Table, Head, Tail);

    private string Put(RulesetChain chain) => string.Concat(
    [
        chain.Counter is { } counter ? $"add counter {Table} {counter}\n" : "",
        $"add chain {Table} {chain.Name}\nflush chain {Table} {chain.Name}\n",
        .. chain.Rules.Select(rule => $"add rule {Table} {chain.Name} {rule}\n"),
    ]);

    private string Command(string verb, string set, IEnumerable<string> elements)
    {
        var list = string.Join(", ", elements);
        return list.Length == 0 ? "" : $"{verb} element {Table} {set} {{ {list} }}\n";
    }
}

/// <summary>What is in a set or map.</summary>
/// <param name="Set">Its name.</param>
/// <param name="Elements">The elements as nft takes them, each once, e.g. "10.88.0.2" or "10.88.0.2 : 7".</param>
public sealed record RulesetElements(string Set, IReadOnlyList<string> Elements)
{
    /// <summary>True when the same is in it.</summary>
    public bool Equals(RulesetElements? other) => other is not null && Set == other.Set && Elements.SequenceEqual(other.Elements);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Set, Elements.Count);
}

/// <summary>A chain that is no hook's own.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Counter">A counter that its rules name; null when they name none.</param>
/// <param name="Rules">Its rules in their order.</param>
public sealed record RulesetChain(string Name, string? Counter, IReadOnlyList<string> Rules)
{
    /// <summary>True when it does the same.</summary>
    public bool Equals(RulesetChain? other) => other is not null && Name == other.Name && Counter == other.Counter && Rules.SequenceEqual(other.Rules);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Counter, Rules.Count);
}
