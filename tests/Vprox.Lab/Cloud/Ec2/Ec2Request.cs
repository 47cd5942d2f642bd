using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Vprox.Addressing;
using Vprox.Lab.Cloud.State;

namespace Vprox.Lab.Cloud.Ec2;

/// <summary>An EC2 request as it came: a form in which lists are Name.1, Name.2 (EC2 API reference, query requests).</summary>
/// <param name="form">Its fields.</param>
/// <param name="arrived">When it was there.</param>
public sealed class Ec2Request(IFormCollection form, Moment arrived)
{
    public Moment Arrived { get; } = arrived;

    public string Action => Text("Action") ?? "";

    public string Version => Text("Version") ?? "";

    public IReadOnlyDictionary<string, string> Parameters { get; } =
        form.Where(field => field.Key is not ("Action" or "Version")).ToDictionary(field => field.Key, field => field.Value.ToString());

    /// <summary>True when a Describe call names neither ids nor filters: it has a smaller bucket of its own.</summary>
    public bool Unfiltered => !Parameters.Keys.Any(key =>
        key.StartsWith("Filter.", StringComparison.Ordinal) || key.Contains("Id.", StringComparison.Ordinal));

    public string? Text(string name) => form.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    public string Required(string name) => Text(name) ?? throw new Ec2Exception(Ec2Error.MissingParameter(name));

    public bool? Flag(string name) => Text(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        var other => throw new Ec2Exception(Ec2Error.InvalidParameterValue($"Value ({other}) for parameter {name} is invalid. Expected a boolean.")),
    };

    public int? Number(string name) => Text(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw new Ec2Exception(Ec2Error.InvalidParameterValue($"Value ({text}) for parameter {name} is invalid. Expected an integer."));

    public IReadOnlyList<string> List(string name) => [.. Numbered(name).Select(item => Required($"{name}.{item}"))];

    /// <summary>How many Name.1, Name.2 there are.</summary>
    public int Count(string name) => Numbered(name).Count();

    public IPAddress? Address(string name) => Text(name) is { } text ? ParseAddress(text) : null;

    public IReadOnlyList<IPAddress> Addresses(string name) => [.. List(name).Select(ParseAddress)];

    public IReadOnlyList<Filter> Filters() =>
        [.. Numbered("Filter").Select(item => new Filter(Required($"Filter.{item}.Name"), List($"Filter.{item}.Value")))];

    /// <summary>Tags of one resource type from a TagSpecification.</summary>
    public ImmutableSortedDictionary<string, string> TagsFor(string resourceType) =>
        Numbered("TagSpecification").Where(item => Text($"TagSpecification.{item}.ResourceType") == resourceType)
            .Select(item => Tags($"TagSpecification.{item}.Tag"))
            .Aggregate(ImmutableSortedDictionary<string, string>.Empty, (all, tags) => all.SetItems(tags));

    public ImmutableSortedDictionary<string, string> Tags(string name) =>
        Numbered(name).ToImmutableSortedDictionary(item => Required($"{name}.{item}.Key"), item => Text($"{name}.{item}.Value") ?? "");

    private IEnumerable<int> Numbered(string name) =>
        form.Keys.Where(key => key.StartsWith(name + ".", StringComparison.Ordinal))
            .Select(key => key[(name.Length + 1)..].Split('.')[0])
            .Select(item => int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Where(number => number > 0)
            .Distinct().Order();

    private static IPAddress ParseAddress(string text) => Ipv4.TryParse(text, out var address)
        ? address
        : throw new Ec2Exception(Ec2Error.InvalidParameterValue($"Invalid value '{text}' for IP address. Must be specified in dotted-decimal notation."));
}
