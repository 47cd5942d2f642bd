using System.Collections.Immutable;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Vprox.Failover.Core.Calls;
using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Adapters;

/// <summary>EC2's addresses by AWSSDK.EC2.</summary>
public sealed class Ec2Client(IAmazonEC2 ec2) : IEc2
{
    // DescribeNetworkInterfaces and DescribeAddresses take up to 200 values per filter (EC2 API reference, "Filtering").
    private const int FilterValues = 200;

    /// <inheritdoc/>
    public async Task<ObservedEc2> DescribeAsync(Ec2Question question, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = AddressesAsync(question, cancellationToken);
            var interfaces = await Task.WhenAll(question.NetworkInterfaceIds.Chunk(FilterValues).Select(ids => InterfacesAsync([.. ids], cancellationToken)));
            return Observation(question, await addresses, [.. interfaces.SelectMany(page => page)]);
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

    /// <inheritdoc/>
    public async Task<CallOutcome> ApplyAsync(MoveStep step, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(step, cancellationToken);
        }
        catch (AmazonServiceException refused)
        {
            return CallOutcome.From(ApiAction.Of(step), refused.ErrorCode ?? "", (int)refused.StatusCode, refused.Message);
        }
        catch (Exception failed) when (Ec2Sdk.IsUnanswered(failed, cancellationToken))
        {
            return CallOutcome.From(ApiAction.Of(step), "", 0, $"no answer: {failed.Message}");
        }
    }

    private async Task<CallOutcome> CallAsync(MoveStep step, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case MoveStep.Assign assign:
                await ec2.AssignPrivateIpAddressesAsync(new AssignPrivateIpAddressesRequest
                {
                    NetworkInterfaceId = assign.NetworkInterfaceId,
                    PrivateIpAddresses = [.. assign.PrivateAddresses],
                    AllowReassignment = true,
                }, cancellationToken);
                return new CallOutcome.Done();
            case MoveStep.Associate associate:
                var associated = await ec2.AssociateAddressAsync(new AssociateAddressRequest
                {
                    AllocationId = associate.AllocationId,
                    NetworkInterfaceId = associate.NetworkInterfaceId,
                    PrivateIpAddress = associate.PrivateAddress,
                    AllowReassociation = true,
                }, cancellationToken);
                return new CallOutcome.Done(associated.AssociationId);
            case MoveStep.Disassociate disassociate:
                await ec2.DisassociateAddressAsync(new DisassociateAddressRequest { AssociationId = disassociate.AssociationId }, cancellationToken);
                return new CallOutcome.Done();
            case MoveStep.Unassign unassign:
                await ec2.UnassignPrivateIpAddressesAsync(new UnassignPrivateIpAddressesRequest
                {
                    NetworkInterfaceId = unassign.NetworkInterfaceId,
                    PrivateIpAddresses = [.. unassign.PrivateAddresses],
                }, cancellationToken);
                return new CallOutcome.Done();
            default:
                throw new InvalidOperationException($"No call for {step}.");
        }
    }

    // By filter, not by id: one id that is gone would fail the whole call. DescribeAddresses is not paginated: beyond one filter's room
    // all of the account's come in one answer.
    private async Task<List<Address>> AddressesAsync(Ec2Question question, CancellationToken cancellationToken)
    {
        var found = new List<Address>();
        foreach (var (name, values) in new[] { ("allocation-id", question.AllocationIds), ("public-ip", question.PublicAddresses) })
        {
            if (values.IsEmpty) continue;
            var request = new DescribeAddressesRequest();
            if (values.Count <= FilterValues) request.Filters = [new Filter(name, [.. values])];
            found.AddRange((await ec2.DescribeAddressesAsync(request, cancellationToken)).Addresses ?? []);
        }
        return found;
    }

    private async Task<List<NetworkInterface>> InterfacesAsync(List<string> ids, CancellationToken cancellationToken)
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

    private static ObservedEc2 Observation(Ec2Question question, List<Address> addresses, List<NetworkInterface> interfaces)
    {
        var associations = question.AllocationIds.ToImmutableSortedDictionary(id => id, _ => (ObservedAssociation?)null, StringComparer.Ordinal).ToBuilder();
        foreach (var address in addresses.Where(address => !string.IsNullOrEmpty(address.AllocationId)))
            if (associations.ContainsKey(address.AllocationId) || question.PublicAddresses.Contains(address.PublicIp))
                associations[address.AllocationId] = Association(address);

        var secondary = interfaces.SelectMany(eni => (eni.PrivateIpAddresses ?? []).Where(address => address.Primary != true)).ToList();
        var held = interfaces.ToDictionary(eni => eni.NetworkInterfaceId, Secondary, StringComparer.Ordinal);
        return new ObservedEc2(
            question.NetworkInterfaceIds.ToImmutableSortedDictionary(id => id, id => held.GetValueOrDefault(id, None), StringComparer.Ordinal),
            associations.ToImmutable())
        {
            AllocationIds = Sorted(addresses
                .Where(address => !string.IsNullOrEmpty(address.AllocationId) && !string.IsNullOrEmpty(address.PublicIp))
                .Select(address => (address.PublicIp, address.AllocationId))),
            ElasticIpOn = Sorted(secondary
                .Where(address => !string.IsNullOrEmpty(address.Association?.PublicIp))
                .Select(address => (address.PrivateIpAddress, address.Association.PublicIp))),
        };
    }

    private static ImmutableSortedDictionary<string, string> Sorted(IEnumerable<(string Key, string Value)> pairs) =>
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
            .SetItems(pairs.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)));

    private static ImmutableSortedSet<string> None { get; } = ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);

    private static ObservedAssociation? Association(Address address) =>
        string.IsNullOrEmpty(address.AssociationId) || string.IsNullOrEmpty(address.NetworkInterfaceId)
            ? null
            : new ObservedAssociation(address.AssociationId, address.NetworkInterfaceId, address.PrivateIpAddress);

    private static ImmutableSortedSet<string> Secondary(NetworkInterface eni) => (eni.PrivateIpAddresses ?? [])
        .Where(address => address.Primary != true).Select(address => address.PrivateIpAddress).ToImmutableSortedSet(StringComparer.Ordinal);
}
