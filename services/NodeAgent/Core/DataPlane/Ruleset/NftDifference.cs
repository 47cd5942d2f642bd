namespace Vprox.NodeAgent.Core.DataPlane.Ruleset;

/// <summary>
/// What turns one table into another: what has to come, and what may go afterwards. Interfaces and addresses change in between, so that nothing is
/// ever there without its rules.
/// </summary>
/// <param name="Additions">One transaction; it also takes elements away whose key gets another value.</param>
/// <param name="Removals">One transaction.</param>
public sealed record NftDifference(NftTransaction Additions, NftTransaction Removals)
{
    private static readonly NftTransaction Nothing = new();

    /// <summary>Compares two tables; null means there is none.</summary>
    public static NftDifference Between(NftTable? desired, NftTable? actual)
    {
        if (desired is null)
            return new NftDifference(Nothing, actual is null ? Nothing : new NftTransaction { Rebuild = true });
        if (actual is null)
            return new NftDifference(new NftTransaction { Added = [.. desired.Objects.Values] }, Nothing);
        if (!CanBeChanged(desired, actual))
            return new NftDifference(new NftTransaction { Rebuild = true, Added = [.. desired.Objects.Values] }, Nothing);
        return OfElements(desired, actual);
    }

    private static bool CanBeChanged(NftTable desired, NftTable actual) =>
        desired.Properties.SequenceEqual(actual.Properties)
        && desired.Objects.All(pair => !actual.Objects.TryGetValue(pair.Key, out var there) || there.Definition.SequenceEqual(pair.Value.Definition))
        && !HoldersBut(desired, actual).Intersect(HoldersBut(actual, desired)).Any();

    // Names of sets and maps that the other table lacks in this kind: a map in the place of our set is in its way.
    private static IEnumerable<string> HoldersBut(NftTable table, NftTable other) =>
        table.Objects.Values.Where(item => item.HoldsElements && !other.Objects.ContainsKey(item.Key)).Select(item => item.Name);

    private static NftDifference OfElements(NftTable desired, NftTable actual)
    {
        var rewritten = new List<NftObject>();
        var added = new List<NftElements>();
        var conflicting = new List<NftElements>();
        var removed = new List<NftElements>();
        foreach (var (key, wanted) in desired.Objects)
        {
            if (!actual.Objects.TryGetValue(key, out var there))
                continue;
            if (!wanted.Rules.SequenceEqual(there.Rules))
                rewritten.Add(wanted);
            var missing = wanted.Elements.Where(element => !there.Elements.Contains(element)).ToList();
            var surplus = there.Elements.Where(element => !wanted.Elements.Contains(element)).ToList();
            Collect(added, wanted, missing);
            // While anything is missing, what is surplus may stand in its place: the same key, or an interval that overlaps.
            Collect(missing.Count > 0 && NeedsRoom(wanted, missing, surplus) ? conflicting : removed, wanted, surplus);
        }
        return new NftDifference(
            new NftTransaction
            {
                Added = [.. desired.Objects.Values.Where(item => !actual.Objects.ContainsKey(item.Key))],
                Rewritten = rewritten,
                AddedElements = added,
                RemovedElements = conflicting,
            },
            new NftTransaction
            {
                Removed = [.. actual.Objects.Values.Where(item => !desired.Objects.ContainsKey(item.Key))],
                RemovedElements = removed,
            });
    }

    private static bool NeedsRoom(NftObject wanted, List<string> missing, List<string> surplus) =>
        wanted.Definition.Contains("flags interval")
        || surplus.Select(NftObject.KeyOf).Intersect(missing.Select(NftObject.KeyOf)).Any();

    private static void Collect(List<NftElements> into, NftObject item, List<string> elements)
    {
        if (elements.Count > 0)
            into.Add(new NftElements(item.Key, item.Name, elements));
    }
}
