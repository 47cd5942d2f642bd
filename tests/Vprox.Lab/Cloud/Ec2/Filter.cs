using System.Text.RegularExpressions;
using Vprox.Lab.Cloud.State;

namespace Vprox.Lab.Cloud.Ec2;

/// <summary>A Describe* filter: the resource has the name with any of the values; * and ? are wildcards (EC2 user guide, filtering).</summary>
public sealed record Filter(string Name, IReadOnlyList<string> Values)
{
    public bool Matches(string value) => Values.Any(pattern =>
        pattern.AsSpan().IndexOfAny('*', '?') < 0
            ? pattern == value
            : Regex.IsMatch(value, $"^{Expression(pattern)}$"));

    private static string Expression(string pattern) =>
        Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal);

    /// <summary>The resources that pass every filter.</summary>
    /// <param name="resources">What there is.</param>
    /// <param name="filters">All must match.</param>
    /// <param name="properties">A resource's values for a filter name; null for a name that is no filter of this API.</param>
    public static IReadOnlyList<T> Select<T>(
        IEnumerable<T> resources, IReadOnlyList<Filter> filters, Func<T, string, IEnumerable<string?>?> properties) where T : class
    {
        // Names are checked even when there is nothing to filter.
        var all = resources.ToList();
        return [.. all.Where(resource => filters.All(filter =>
            (properties(resource, filter.Name) ?? throw new Ec2Exception(Ec2Error.InvalidParameterValue($"The filter '{filter.Name}' is invalid")))
            .Any(value => value is not null && filter.Matches(value))))];
    }

    /// <summary>The values of tag:Key and tag-key, or null for another name.</summary>
    public static IEnumerable<string?>? OfTags(IReadOnlyDictionary<string, string> tags, string name) => name switch
    {
        "tag-key" => tags.Keys,
        _ when name.StartsWith("tag:", StringComparison.Ordinal) => tags.TryGetValue(name[4..], out var value) ? [value] : [],
        _ => null,
    };
}
