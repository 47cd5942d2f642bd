namespace Vprox.NodeAgent.Core.DataPlane.Ruleset;

/// <summary>A chain, set, map, counter or timeout of our table, in nft's own spelling.</summary>
public sealed record NftObject
{
    /// <summary>The kind of named counters.</summary>
    public const string Counter = "counter";

    /// <summary>"chain", "set", "map", "counter", "ct timeout".</summary>
    public required string Kind { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What cannot be changed in place: types and flags, a chain's hook; empty for chains without one.</summary>
    public required IReadOnlyList<string> Definition { get; init; }

    /// <summary>A chain's rules in order.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>A set's or map's elements, e.g. "1024-1279 : 240.0.0.2".</summary>
    public IReadOnlySet<string> Elements { get; init; } = new HashSet<string>();

    /// <summary>Kind and name: a chain and a map may have the same name.</summary>
    public string Key => $"{Kind} {Name}";

    /// <summary>A chain that no hook calls.</summary>
    public static NftObject Chain(string name, params IReadOnlyList<string> rules) => new() { Kind = "chain", Name = name, Definition = [], Rules = rules };

    /// <summary>True for chains, whose rules can be rewritten.</summary>
    public bool IsChain => Kind == "chain";

    /// <summary>True for sets and maps, which share one space of names.</summary>
    public bool HoldsElements => Kind is "set" or "map";

    /// <summary>A map's key of an element; a set's whole element.</summary>
    public static string KeyOf(string element) => element.Split(" : ", 2)[0];
}
