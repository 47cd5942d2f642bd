using System.Globalization;
using System.Text.Json;

namespace Vprox.Failover.Core.Liveness;

/// <summary>EC2's events as EventBridge lays them into a queue: the event itself is the body (EventBridge user guide, "Events from EC2").</summary>
public static class Ec2Event
{
    private const int MostEntities = 100;

    /// <summary>What an event says; empty for events of no concern.</summary>
    /// <exception cref="FormatException">It is not an event of EventBridge's.</exception>
    public static IReadOnlyList<Observation> Parse(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            var detail = root.GetProperty("detail");
            return root.GetProperty("detail-type").GetString() switch
            {
                "EC2 Instance State-change Notification" => [new Observation.InstanceState(Text(detail, "instance-id"), Text(detail, "state"), Time(root))],
                "EC2 Spot Instance Interruption Warning" =>
                    [new Observation.InstanceNotice(Text(detail, "instance-id"), $"a spot interruption, {Text(detail, "instance-action")}, on {Text(root, "time")}")],
                "EC2 Instance Rebalance Recommendation" => [new Observation.InstanceNotice(Text(detail, "instance-id"), $"a rebalance recommendation on {Text(root, "time")}")],
                "AWS Health Event" => OfHealth(detail),
                _ => [],
            };
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException(malformed.Message, malformed);
        }
    }

    // Scheduled changes of EC2 only: an issue of the whole service, or a note about the account, names no instance to move away from.
    private static IReadOnlyList<Observation> OfHealth(JsonElement detail) =>
        Text(detail, "service") != "EC2" || Text(detail, "eventTypeCategory") != "scheduledChange" || !detail.TryGetProperty("affectedEntities", out var entities)
            ? []
            : [.. entities.EnumerateArray().Take(MostEntities).Select(entity =>
                new Observation.InstanceNotice(Text(entity, "entityValue"), $"{Text(detail, "eventTypeCode")}, {Optional(detail, "startTime")}"))];

    private static DateTimeOffset Time(JsonElement root) =>
        DateTimeOffset.TryParse(Text(root, "time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new FormatException($"time '{Text(root, "time")}' is no time");

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() is { Length: <= 256 } text
        ? text
        : throw new FormatException($"{name} is no text of at most 256 characters");

    private static string Optional(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? Text(element, name) : "";
}
