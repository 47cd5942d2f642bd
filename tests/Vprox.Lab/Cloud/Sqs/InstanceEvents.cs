using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vprox.Lab.Cloud.State;

namespace Vprox.Lab.Cloud.Sqs;

/// <summary>EC2's events as EventBridge puts them into a queue: the event itself is the message body (EventBridge user guide, events from EC2).</summary>
public static class InstanceEvents
{
    private const string StateChange = "EC2 Instance State-change Notification";
    private const string Rebalance = "EC2 Instance Rebalance Recommendation";
    private const string Health = "AWS Health Event";
    private const string SpotInterruption = "EC2 Spot Instance Interruption Warning";

    /// <summary>The events that lead from one state to the next.</summary>
    public static IEnumerable<string> Between(Ec2State before, Ec2State after, string region, DateTimeOffset now)
    {
        foreach (var instance in after.Instances.Values)
        {
            var old = before.Instances.GetValueOrDefault(instance.Id);
            if (old?.State != instance.State)
                yield return Event(StateChange, instance.Id, region, now, new JsonObject
                {
                    ["instance-id"] = instance.Id,
                    ["state"] = instance.State.Name(),
                });
            if (instance.Interruption is { } interruption && old?.Interruption != interruption)
                yield return Event(SpotInterruption, instance.Id, region, now, new JsonObject
                {
                    ["instance-id"] = instance.Id,
                    ["instance-action"] = interruption.Action,
                });
            if (instance.RebalanceRecommendedAt is { } recommended && old?.RebalanceRecommendedAt != recommended)
                yield return Event(Rebalance, instance.Id, region, now, new JsonObject { ["instance-id"] = instance.Id });
            foreach (var scheduled in instance.Events.Where(scheduled => old?.Events.Contains(scheduled) != true))
                yield return Event(Health, instance.Id, region, now, Scheduled(instance, scheduled, region));
        }
    }

    // AWS Health user guide, "AWS Health events Amazon EventBridge schema".
    private static JsonObject Scheduled(Instance instance, ScheduledEvent scheduled, string region)
    {
        var code = $"AWS_EC2_{scheduled.Code.Replace('-', '_').ToUpperInvariant()}_SCHEDULED";
        return new JsonObject
        {
            ["eventArn"] = $"arn:aws:health:{region}::event/EC2/{code}/{scheduled.Id}",
            ["service"] = "EC2",
            ["eventTypeCode"] = code,
            ["eventTypeCategory"] = "scheduledChange",
            ["startTime"] = scheduled.NotBefore.UtcDateTime.ToString("R", CultureInfo.InvariantCulture),
            ["statusCode"] = "upcoming",
            ["affectedEntities"] = new JsonArray(new JsonObject { ["entityValue"] = instance.Id }),
        };
    }

    private static string Event(string detailType, string instanceId, string region, DateTimeOffset now, JsonObject detail) =>
        JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["version"] = "0",
            ["id"] = Guid.NewGuid().ToString(),
            ["detail-type"] = detailType,
            ["source"] = detailType == Health ? "aws.health" : "aws.ec2",
            ["account"] = "123456789012",
            ["time"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["region"] = region,
            ["resources"] = new[] { $"arn:aws:ec2:{region}:123456789012:instance/{instanceId}" },
            ["detail"] = detail,
        });
}
