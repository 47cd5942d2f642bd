using System.Text.Json;

namespace Vprox.Lab.Scheduling;

/// <summary>What a scheduler hears: the exchange names the event, the JSON is its message.</summary>
public sealed record SchedulerEvent(string Exchange, JsonElement Json)
{
    /// <summary>A field as text; null when it is missing.</summary>
    public string? Text(string field) => Json.TryGetProperty(field, out var value) ? value.ToString() : null;

    /// <summary>The addresses of a vprox.proxy-ready.</summary>
    public IReadOnlyList<string> Addresses =>
        [.. Json.GetProperty("addresses").EnumerateArray().Select(address => address.GetProperty("address").GetString()!)];
}
