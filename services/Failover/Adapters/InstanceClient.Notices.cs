using Amazon.EC2.Model;

namespace Vprox.Failover.Adapters;

public sealed partial class InstanceClient
{
    // The events EC2 schedules for an instance (EC2 user guide, "Scheduled events for your instances").
    private static readonly List<string> EventCodes = ["instance-stop", "instance-retirement", "instance-reboot", "system-reboot", "system-maintenance"];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<(string InstanceId, string Notice)>> NoticesAsync(CancellationToken cancellationToken)
    {
        var found = new List<(string, string)>();
        var request = new DescribeInstanceStatusRequest { Filters = [new Filter("event.code", EventCodes)], IncludeAllInstances = true };
        do
        {
            var page = await AskAsync(() => ec2.DescribeInstanceStatusAsync(request, cancellationToken), cancellationToken);
            found.AddRange((page.InstanceStatuses ?? []).SelectMany(status => (status.Events ?? []).Where(IsAhead)
                .Select(ahead => (status.InstanceId, $"{ahead.Code?.Value} not before {ahead.NotBefore:u}, {ahead.InstanceEventId}"))));
            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));
        return found;
    }

    // EC2 leaves them listed for a week and says so in the description (API reference, InstanceStatusEvent).
    private static bool IsAhead(InstanceStatusEvent scheduled) =>
        scheduled.Description is not { } description
        || !(description.StartsWith("[Completed]", StringComparison.Ordinal) || description.StartsWith("[Canceled]", StringComparison.Ordinal));
}
