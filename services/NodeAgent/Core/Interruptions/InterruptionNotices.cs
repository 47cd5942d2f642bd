using System.Text.Json;
using System.Text.RegularExpressions;

namespace Vprox.NodeAgent.Core.Interruptions;

/// <summary>
/// Reads IMDS's notices (EC2 user guide: spot instance interruption notices, rebalance recommendations, scheduled events). What cannot be
/// understood is no notice: a node is not emptied for a text that nobody can read.
/// </summary>
public static partial class InterruptionNotices
{
    private const int MostEvents = 100;

    /// <summary>spot/instance-action: {"action":"terminate","time":"2026-01-01T00:02:00Z"}.</summary>
    /// <param name="text">The text; null when there is none.</param>
    public static IReadOnlyList<InterruptionNotice> OfSpot(string? text) => Read(text, root =>
    {
        var (action, time) = (Word(root, "action"), Word(root, "time"));
        return action is "terminate" or "stop" or "hibernate" ? [new($"spot {action} {time}", $"spot instance-action {action}{At(time)}")] : [];
    });

    /// <summary>events/recommendations/rebalance: {"noticeTime":"2026-01-01T00:00:00Z"}.</summary>
    /// <param name="text">The text; null when there is none.</param>
    public static IReadOnlyList<InterruptionNotice> OfRebalance(string? text) => Read(text, root =>
        Word(root, "noticeTime") is { } time ? [new($"rebalance {time}", $"rebalance recommendation of {time}")] : []);

    /// <summary>events/maintenance/scheduled: a list of {"Code":"instance-retirement","EventId":"instance-event-0123","State":"active","NotBefore":"…"}.</summary>
    /// <param name="text">The text; null when there is none.</param>
    public static IReadOnlyList<InterruptionNotice> OfMaintenance(string? text) => Read(text, root =>
        root.ValueKind != JsonValueKind.Array ? [] :
        [
            .. root.EnumerateArray().Take(MostEvents)
                .Where(each => Word(each, "State") == "active" && Word(each, "Code") is not null)
                .Select(each => new InterruptionNotice(
                    $"maintenance {Word(each, "EventId")} {Word(each, "Code")} {Word(each, "NotBefore")}", $"scheduled {Word(each, "Code")}{At(Word(each, "NotBefore"))}")),
        ]);

    private static IReadOnlyList<InterruptionNotice> Read(string? text, Func<JsonElement, IReadOnlyList<InterruptionNotice>> read)
    {
        if (string.IsNullOrWhiteSpace(text))
            return [];
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 8 });
            return read(document.RootElement);
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static string At(string? time) => time is null ? "" : $" at {time}";

    /// <summary>A short text of harmless letters; null for anything else. It goes into logs and messages.</summary>
    private static string? Word(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { } text && Harmless().IsMatch(text) ? text : null;

    [GeneratedRegex(@"\A[A-Za-z0-9 .:+_-]{1,64}\z")]
    private static partial Regex Harmless();
}
