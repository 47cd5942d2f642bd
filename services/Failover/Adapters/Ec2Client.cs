using System.Collections.Immutable;
using System.Net;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Adapters;

/// <summary>EC2 by AWSSDK.EC2, credentials from AWS's default chain. Throttling and lost answers are retried by the SDK, with backoff.</summary>
public sealed class Ec2Client : IEc2, IDisposable
{
    // DescribeNetworkInterfaces and DescribeAddresses take up to 200 values per filter (EC2 API reference, "Filtering").
    private const int FilterValues = 200;

    private readonly AmazonEC2Client ec2;

    public Ec2Client(FailoverOptions options)
    {
        var config = new AmazonEC2Config
        {
            Timeout = options.Ec2Timeout,
            ConnectTimeout = TimeSpan.FromSeconds(3),
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = 4,
        };
        if (options.Ec2ServiceUrl is not null)
            (config.ServiceURL, config.AuthenticationRegion) = (options.Ec2ServiceUrl, options.Region);
        else
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(options.Region);
        ec2 = new AmazonEC2Client(config);
    }

    /// <inheritdoc/>
    public async Task<ObservedEc2> DescribeAsync(
        IReadOnlyCollection<string> allocationIds, IReadOnlyCollection<string> networkInterfaceIds, CancellationToken cancellationToken)
    {
        // By filter, not by id: one id that is gone would fail the whole call.
        var addresses = await ReadAsync(allocationIds, async values => (await ec2.DescribeAddressesAsync(
            new DescribeAddressesRequest { Filters = [new Filter("allocation-id", values)] }, cancellationToken)).Addresses ?? []);
        var associations = addresses.ToImmutableSortedDictionary(address => address.AllocationId, Association, StringComparer.Ordinal);

        var holders = associations.Values.OfType<ObservedAssociation>().Select(association => association.NetworkInterfaceId);
        var interfaces = await ReadAsync([.. networkInterfaceIds.Union(holders)], values => DescribeInterfacesAsync(values, cancellationToken));
        return new ObservedEc2(interfaces.ToImmutableSortedDictionary(eni => eni.NetworkInterfaceId, Secondary, StringComparer.Ordinal), associations);
    }

    /// <inheritdoc/>
    public async Task<string?> ApplyAsync(MoveStep step, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync(step, cancellationToken);
            return null;
        }
        catch (AmazonEC2Exception stale) when (step is MoveStep.Disassociate && stale.ErrorCode == "InvalidAssociationID.NotFound")
        {
            return null;
        }
        catch (AmazonServiceException refused)
        {
            return $"{refused.ErrorCode}: {refused.Message}";
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or AmazonClientException or WebException or TimeoutException
            || (unreachable is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return $"no answer: {unreachable.Message}";
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ec2.Dispose();

    private Task CallAsync(MoveStep step, CancellationToken cancellationToken) => step switch
    {
        MoveStep.Assign assign => ec2.AssignPrivateIpAddressesAsync(new AssignPrivateIpAddressesRequest
        {
            NetworkInterfaceId = assign.NetworkInterfaceId,
            PrivateIpAddresses = [.. assign.PrivateAddresses],
            AllowReassignment = true,
        }, cancellationToken),
        MoveStep.Associate associate => ec2.AssociateAddressAsync(new AssociateAddressRequest
        {
            AllocationId = associate.AllocationId,
            NetworkInterfaceId = associate.NetworkInterfaceId,
            PrivateIpAddress = associate.PrivateAddress,
            AllowReassociation = true,
        }, cancellationToken),
        MoveStep.Disassociate disassociate => ec2.DisassociateAddressAsync(
            new DisassociateAddressRequest { AssociationId = disassociate.AssociationId }, cancellationToken),
        MoveStep.Unassign unassign => ec2.UnassignPrivateIpAddressesAsync(new UnassignPrivateIpAddressesRequest
        {
            NetworkInterfaceId = unassign.NetworkInterfaceId,
            PrivateIpAddresses = [.. unassign.PrivateAddresses],
        }, cancellationToken),
        _ => throw new InvalidOperationException($"No call for {step}."),
    };

    private async Task<List<NetworkInterface>> DescribeInterfacesAsync(List<string> ids, CancellationToken cancellationToken)
    {
        var found = new List<NetworkInterface>();
        var request = new DescribeNetworkInterfacesRequest { Filters = [new Filter("network-interface-id", ids)] };
        do
        {
            var page = await ec2.DescribeNetworkInterfacesAsync(request, cancellationToken);
            found.AddRange(page.NetworkInterfaces ?? []);
            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));
        return found;
    }

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(IReadOnlyCollection<string> ids, Func<List<string>, Task<List<T>>> read)
    {
        var found = new List<T>();
        foreach (var values in ids.Chunk(FilterValues)) found.AddRange(await read([.. values]));
        return found;
    }

    private static ObservedAssociation? Association(Address address) =>
        string.IsNullOrEmpty(address.AssociationId) || string.IsNullOrEmpty(address.NetworkInterfaceId)
            ? null
            : new ObservedAssociation(address.AssociationId, address.NetworkInterfaceId, address.PrivateIpAddress);

    private static ImmutableSortedSet<string> Secondary(NetworkInterface eni) => (eni.PrivateIpAddresses ?? [])
        .Where(address => address.Primary != true).Select(address => address.PrivateIpAddress).ToImmutableSortedSet(StringComparer.Ordinal);
}
