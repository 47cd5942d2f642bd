using System.Collections.Immutable;
using System.Globalization;

namespace Vprox.Lab.Cloud.State.Commands;

/// <summary>
/// Starts instances in a subnet, with as many ENIs as the request or its launch template says. Answers their ids. The same client token
/// again answers the same instances (EC2 user guide, idempotency in Amazon EC2 API requests).
/// </summary>
public sealed record RunInstances : IEc2Command<IReadOnlyList<string>>
{
    public required string SubnetId { get; init; }

    public int Count { get; init; } = 1;

    public string InstanceType { get; init; } = "c7gn.8xlarge";

    /// <summary>Null for none.</summary>
    public string? LaunchTemplateId { get; init; }

    /// <summary>ENIs that the request itself names; null takes the launch template's number, or 1.</summary>
    public int? NetworkInterfaces { get; init; }

    /// <summary>Null for none.</summary>
    public string? ClientToken { get; init; }

    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableSortedDictionary<string, string> NetworkInterfaceTags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public Change<IReadOnlyList<string>> ApplyTo(Ec2State state, DateTimeOffset now)
    {
        if (Count < 1)
            return Ec2Error.InvalidParameterValue($"Value ({Count}) for parameter minCount is invalid.");
        if (!state.Subnets.TryGetValue(SubnetId, out var subnet))
            return new Ec2Error("InvalidSubnetID.NotFound", $"The subnet ID '{SubnetId}' does not exist");
        LaunchTemplate? template = null;
        if (LaunchTemplateId is not null && !state.LaunchTemplates.TryGetValue(LaunchTemplateId, out template))
            return new Ec2Error("InvalidLaunchTemplateId.NotFound", $"The specified launch template, with template ID {LaunchTemplateId}, does not exist.");
        if (ClientToken is not null && state.Instances.Values.Where(instance => instance.ClientToken == ClientToken).ToList() is { Count: > 0 } made)
            return Repeated(state, made);
        var enis = NetworkInterfaces ?? template?.NetworkInterfaces ?? 1;
        var free = state.FreeAddresses(subnet).Take(Count * enis).ToList();
        if (free.Count < Count * enis)
            return new Ec2Error("InsufficientFreeAddressesInSubnet", $"The subnet '{SubnetId}' has not enough free addresses.");

        var ids = new List<string>();
        foreach (var addresses in free.Chunk(enis))
        {
            (state, var instanceId) = state.NextId("i");
            foreach (var (device, address) in addresses.Index())
            {
                (state, var eniId) = state.NextId("eni");
                state = state.With(new NetworkInterface
                {
                    Id = eniId,
                    SubnetId = SubnetId,
                    InstanceId = instanceId,
                    DeviceIndex = device,
                    MacAddress = MacAddress(state.LastId),
                    PrimaryAddress = address,
                    Tags = NetworkInterfaceTags,
                });
            }
            state = InstanceLifecycle.Enter(state, Made(instanceId, subnet), InstanceState.Pending, now);
            ids.Add(instanceId);
        }
        return Change.Done<IReadOnlyList<string>>(state, ids);
    }

    private Instance Made(string id, Subnet subnet) => new()
    {
        Id = id,
        AvailabilityZone = subnet.AvailabilityZone,
        InstanceType = InstanceType,
        ClientToken = ClientToken,
        Tags = Tags,
    };

    private Change<IReadOnlyList<string>> Repeated(Ec2State state, List<Instance> made) =>
        made.Count == Count && made.All(instance => instance.InstanceType == InstanceType
            && state.NetworkInterfacesOf(instance.Id).All(eni => eni.SubnetId == SubnetId))
            ? Change.Done<IReadOnlyList<string>>(state, [.. made.Select(instance => instance.Id)])
            : new Ec2Error("IdempotentParameterMismatch", "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).");

    private static string MacAddress(long id)
    {
        var number = id.ToString("x6", CultureInfo.InvariantCulture);
        return $"0e:ff:00:{number[^6..^4]}:{number[^4..^2]}:{number[^2..]}";
    }
}
