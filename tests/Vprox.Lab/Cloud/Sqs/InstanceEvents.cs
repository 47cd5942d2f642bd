using System.Text.Json;
using Vprox.Lab.Cloud.State;

namespace Vprox.Lab.Cloud.Sqs;

/// <summary>EC2's events as EventBridge puts them into a queue: the event itself is the message body (EventBridge user guide, events from EC2).</summary>
public static class InstanceEvents
{
    private const string StateChange = "EC2 Instance State-change Notification";
    private const string SpotInterruption = "EC2 Spot Instance Interruption Warning";

    /// <summary>The events that lead from one state to the next.</summary>
    public static IEnumerable<string> Between(Ec2State before, Ec2State after, string region, DateTimeOffset now)
    {
        foreach (var instance in after.Instances.Values)
        {
            var old = before.Instances.GetValueOrDefault(instance.Id);
            if (old?.State != instance.State)
                yield return Event(StateChange, instance.Id, region, now, new Dictionary<string, string>
                {
                    ["instance-id"] = instance.Id,
                    ["state"] = instance.State.Name(),
                });
            if (instance.Interruption is { } interruption && old?.Interruption != interruption)
                yield return Event(SpotInterruption, instance.Id, region, now, new Dictionary<string, string>
                {
                    ["instance-id"] = instance.Id,
                    ["instance-action"] = interruption.Action,
                });
        }
    }

    private static string Event(string detailType, string instanceId, string region, DateTimeOffset now, Dictionary<string, string> detail) =>
        JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["version"] = "0",
            ["id"] = Guid.NewGuid().ToString(),
            ["detail-type"] = detailType,
            ["source"] = "aws.ec2",
            ["account"] = "123456789012",
            ["time"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            ["region"] = region,
            ["resources"] = new[] { $"arn:aws:ec2:{region}:123456789012:instance/{instanceId}" },
            ["detail"] = detail,
        });
}
