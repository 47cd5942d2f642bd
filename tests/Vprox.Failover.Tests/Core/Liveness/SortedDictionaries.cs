using System.Collections.Immutable;

namespace Vprox.Failover.Tests.Core.Liveness;

internal static class SortedDictionaries
{
    public static ImmutableSortedDictionary<string, T> ToSorted<T>(this IEnumerable<KeyValuePair<string, T>> pairs) =>
        pairs.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
}
