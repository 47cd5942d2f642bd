using System.Globalization;
using System.Text;
using Vprox.Netlink;

namespace Vprox.NodeAgent.Core.DataPlane.Ruleset;

/// <summary>A change of our table that the kernel takes as a whole or not at all.</summary>
public sealed record NftTransaction
{
    /// <summary>True deletes the whole table first: something in it cannot be changed in place.</summary>
    public bool Rebuild { get; init; }

    /// <summary>New objects with their rules and elements.</summary>
    public IReadOnlyList<NftObject> Added { get; init; } = [];

    /// <summary>Chains whose rules are written anew.</summary>
    public IReadOnlyList<NftObject> Rewritten { get; init; } = [];

    /// <summary>Objects that go.</summary>
    public IReadOnlyList<NftObject> Removed { get; init; } = [];

    /// <summary>Elements that come, by set or map.</summary>
    public IReadOnlyList<NftElements> AddedElements { get; init; } = [];

    /// <summary>Elements that go, by set or map; they go before others come.</summary>
    public IReadOnlyList<NftElements> RemovedElements { get; init; } = [];

    /// <summary>True when there is nothing to do.</summary>
    public bool IsEmpty =>
        !Rebuild && Added.Count + Rewritten.Count + Removed.Count + AddedElements.Count + RemovedElements.Count == 0;

    /// <summary>The table afterwards; null when it is gone.</summary>
    public NftTable? ApplyTo(NftTable? table)
    {
        var objects = new Dictionary<string, NftObject>(Rebuild || table is null ? [] : table.Objects);
        foreach (var item in Removed)
            objects.Remove(item.Key);
        foreach (var item in Added.Concat(Rewritten))
            objects[item.Key] = item;
        foreach (var change in RemovedElements)
            objects[change.Key] = objects[change.Key] with { Elements = objects[change.Key].Elements.Except(change.Elements).ToHashSet() };
        foreach (var change in AddedElements)
            objects[change.Key] = objects[change.Key] with { Elements = objects[change.Key].Elements.Union(change.Elements).ToHashSet() };
        return objects.Count == 0 ? null : new NftTable(objects, Rebuild || table is null ? [] : table.Properties);
    }

    /// <summary>The commands for nft.</summary>
    /// <param name="counted">What counters begin with that come; null is nothing. A table that is built anew goes on counting.</param>
    public string ToCommands(IReadOnlyDictionary<string, NftCount>? counted = null)
    {
        var text = new StringBuilder();
        void Command(string command) => text.Append(command).Append('\n');
        // Deleting a table that is not there is an error, adding one that is there is none.
        if (Rebuild)
            Command($"add table inet {NftTable.Name}\ndelete table inet {NftTable.Name}");
        foreach (var change in RemovedElements)
            Command($"delete element inet {NftTable.Name} {change.Name} {{ {string.Join(", ", change.Elements)} }}");
        // Rules refer to everything, maps to chains: what refers goes first.
        foreach (var chain in Removed.Where(item => item.IsChain).Concat(Rewritten))
            Command($"flush chain inet {NftTable.Name} {chain.Name}");
        foreach (var item in Removed.OrderBy(item => item.HoldsElements ? 0 : item.IsChain ? 1 : 2))
            Command($"delete {item.Kind} inet {NftTable.Name} {item.Name}");
        if (Added.Count + Rewritten.Count > 0)
            AppendTable(text, counted);
        foreach (var change in AddedElements)
            Command($"add element inet {NftTable.Name} {change.Name} {{ {string.Join(", ", change.Elements)} }}");
        return text.ToString();
    }

    /// <summary>In a sentence.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        void Say(string what, int count)
        {
            if (count > 0)
                parts.Add($"{what} {count}");
        }
        if (Rebuild)
            parts.Add(Added.Count > 0 ? "table built anew" : "table deleted");
        Say("objects added:", Added.Count);
        Say("chains rewritten:", Rewritten.Count);
        Say("objects removed:", Removed.Count);
        Say("elements added:", AddedElements.Sum(change => change.Elements.Count));
        Say("elements removed:", RemovedElements.Sum(change => change.Elements.Count));
        return string.Join(", ", parts);
    }

    private void AppendTable(StringBuilder text, IReadOnlyDictionary<string, NftCount>? counted)
    {
        text.Append("table inet ").Append(NftTable.Name).Append(" {\n");
        foreach (var item in Added.Concat(Rewritten))
        {
            text.Append('\t').Append(item.Key).Append(" {\n");
            foreach (var line in item.Definition.Concat(item.Rules))
                text.Append("\t\t").Append(line).Append('\n');
            if (item.Kind == NftObject.Counter && counted?.TryGetValue(item.Name, out var count) == true)
                text.Append(CultureInfo.InvariantCulture, $"\t\tpackets {count.Packets} bytes {count.Bytes}\n");
            if (item.Elements.Count > 0)
                text.Append("\t\telements = { ").AppendJoin(", ", item.Elements).Append(" }\n");
            text.Append("\t}\n");
        }
        text.Append("}\n");
    }
}
