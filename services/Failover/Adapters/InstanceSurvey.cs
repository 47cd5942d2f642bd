using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;

namespace Vprox.Failover.Adapters;

/// <summary>What EC2's API says of instances, by AWSSDK.EC2. Read by filter and not by id: one id that is gone would fail the whole call.</summary>
public sealed class InstanceSurvey(IAmazonEC2 ec2)
{
    // EC2 API reference, "Filtering": up to 200 values.
    private const int FilterValues = 200;

    // The events EC2 schedules for an instance (EC2 user guide, "Scheduled events for your instances").
    private static readonly List<string> EventCodes = ["instance-stop", "instance-retirement", "instance-reboot", "system-reboot", "system-maintenance"];

    /// <summary>The state of each instance that EC2 knows, in the API's spelling.</summary>
    /// <exception cref="Ec2UnavailableException">EC2 did not answer, or refused.</exception>
    public Task<IReadOnlyList<(string InstanceId, string State)>> StatesAsync(IEnumerable<string> instanceIds, CancellationToken cancellationToken) =>
        CallAsync(async () =>
        {
            var found = new List<(string, string)>();
            foreach (var ids in instanceIds.Chunk(FilterValues))
            {
                var request = new DescribeInstancesRequest { Filters = [new Filter("instance-id", [.. ids])] };
                do
                {
                    var page = await ec2.DescribeInstancesAsync(request, cancellationToken);
                    found.AddRange((page.Reservations ?? []).SelectMany(reservation => reservation.Instances ?? [])
                        .Select(instance => (instance.InstanceId, instance.State?.Name?.Value ?? "")));
                    request.NextToken = page.NextToken;
                }
                while (!string.IsNullOrEmpty(request.NextToken));
            }
            return (IReadOnlyList<(string, string)>)found;
        }, cancellationToken);

    /// <summary>The events scheduled for instances of the region that are neither over nor called off: a sentence's end each.</summary>
    /// <exception cref="Ec2UnavailableException">EC2 did not answer, or refused.</exception>
    public Task<IReadOnlyList<(string InstanceId, string Notice)>> NoticesAsync(CancellationToken cancellationToken) => CallAsync(async () =>
    {
        var found = new List<(string, string)>();
        var request = new DescribeInstanceStatusRequest { Filters = [new Filter("event.code", EventCodes)], IncludeAllInstances = true };
        do
        {
            var page = await ec2.DescribeInstanceStatusAsync(request, cancellationToken);
            found.AddRange((page.InstanceStatuses ?? []).SelectMany(status => (status.Events ?? []).Where(IsAhead)
                .Select(ahead => (status.InstanceId, $"{ahead.Code?.Value} not before {ahead.NotBefore:u}, {ahead.InstanceEventId}"))));
            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));
        return (IReadOnlyList<(string, string)>)found;
    }, cancellationToken);

    // EC2 leaves them listed for a week and says so in the description (API reference, InstanceStatusEvent).
    private static bool IsAhead(InstanceStatusEvent scheduled) =>
        scheduled.Description is not { } description
        || !(description.StartsWith("[Completed]", StringComparison.Ordinal) || description.StartsWith("[Canceled]", StringComparison.Ordinal));

    private static async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (AmazonServiceException refused)
        {
            throw new Ec2UnavailableException($"{refused.ErrorCode}: {refused.Message}", refused);
        }
        catch (Exception failed) when (Ec2Sdk.IsUnanswered(failed, cancellationToken))
        {
            throw new Ec2UnavailableException($"no answer: {failed.Message}", failed);
        }
    }
}
