using System.Text.Json;

namespace Vprox.Scenarios.Drills;

/// <summary>A message as it was heard on the bus.</summary>
/// <param name="Exchange">Names its type, e.g. vprox.node-unhealthy.</param>
/// <param name="Json">The message itself, without MassTransit's envelope.</param>
/// <param name="Arrived">When it was heard, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.</param>
/// <param name="Body">The whole body, to publish it once more.</param>
/// <param name="ContentType">The body's content type.</param>
public sealed record BusMessage(string Exchange, JsonElement Json, long Arrived, byte[] Body, string? ContentType)
{
    /// <summary>A field as text; null when it is missing or null.</summary>
    public string? Text(string field) =>
        Json.TryGetProperty(field, out var value) && value.ValueKind is not JsonValueKind.Null ? value.ToString() : null;

    public long Number(string field) => Json.GetProperty(field).GetInt64();

    public DateTimeOffset At => Json.GetProperty("at").GetDateTimeOffset();
}
