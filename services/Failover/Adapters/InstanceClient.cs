using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Vprox.Failover.Core.Replacement;

namespace Vprox.Failover.Adapters;

/// <summary>EC2's instances by AWSSDK.EC2.</summary>
public sealed partial class InstanceClient(IAmazonEC2 ec2, FailoverOptions options) : IInstances
{
    /// <summary>The tag that tells whose place an instance takes.</summary>
    public const string ReplacesTag = "vprox-replaces";

    private const int FilterValues = 200;

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> StatesAsync(IReadOnlyCollection<string> instanceIds, CancellationToken cancellationToken) =>
        (await FindAsync("instance-id", instanceIds, cancellationToken))
            .ToDictionary(instance => instance.InstanceId, instance => instance.State.Name.Value, StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> ReplacementsAsync(IReadOnlyCollection<string> nodeIds, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var instance in await FindAsync($"tag:{ReplacesTag}", nodeIds, cancellationToken))
            foreach (var tag in (instance.Tags ?? []).Where(tag => tag.Key == ReplacesTag)) found[tag.Value] = instance.InstanceId;
        return found;
    }

    /// <inheritdoc/>
    public Task<string> RunAsync(Replacement replacement, CancellationToken cancellationToken) => AskAsync(async () =>
    {
        var started = await ec2.RunInstancesAsync(new RunInstancesRequest
        {
            LaunchTemplate = new LaunchTemplateSpecification { LaunchTemplateId = options.LaunchTemplateId, Version = options.LaunchTemplateVersion },
            SubnetId = replacement.SubnetId,
            MinCount = 1,
            MaxCount = 1,
            ClientToken = replacement.ClientToken,
            TagSpecifications = [new TagSpecification { ResourceType = ResourceType.Instance, Tags = [new Tag(ReplacesTag, replacement.NodeId)] }],
        }, cancellationToken);
        return started.Reservation.Instances[0].InstanceId;
    }, cancellationToken);

    private async Task<List<Instance>> FindAsync(string filter, IReadOnlyCollection<string> values, CancellationToken cancellationToken)
    {
        var found = new List<Instance>();
        foreach (var some in values.Chunk(FilterValues))
        {
            // By filter, not by id: one id that EC2 has forgotten would fail the whole call.
            var request = new DescribeInstancesRequest { Filters = [new Filter(filter, [.. some])] };
            do
            {
                var page = await AskAsync(() => ec2.DescribeInstancesAsync(request, cancellationToken), cancellationToken);
                found.AddRange((page.Reservations ?? []).SelectMany(reservation => reservation.Instances ?? []));
                request.NextToken = page.NextToken;
            }
            while (!string.IsNullOrEmpty(request.NextToken));
        }
        return found;
    }

    private static async Task<T> AskAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
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
