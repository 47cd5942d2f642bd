using System.Collections.Immutable;
using System.Globalization;

namespace Vprox.Lab.Cloud.State.Commands;

/// <summary>Starts instances with one ENI each in a subnet. Answers their ids.</summary>
public sealed record RunInstances : IEc2Command<IReadOnlyList<string>>
{
    public required string SubnetId { get; init; }

    public int Count { get; init; } = 1;

    public string InstanceType { get; init; } = "c7gn.8xlarge";

    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public Change<IReadOnlyList<string>> ApplyTo(Ec2State state, DateTimeOffset now)
    {
        if (Count < 1)
            return Ec2Error.InvalidParameterValue($"Value ({Count}) for parameter minCount is invalid.");
        if (!state.Subnets.TryGetValue(SubnetId, out var subnet))
            return new Ec2Error("InvalidSubnetID.NotFound", $"The subnet ID '{SubnetId}' does not exist");
        if (state.FreeAddresses(subnet).Take(Count).ToList() is var free && free.Count < Count)
            return new Ec2Error("InsufficientFreeAddressesInSubnet", $"The subnet '{SubnetId}' has not enough free addresses.");

        var ids = new List<string>();
        foreach (var address in free)
        {
            (state, var instanceId) = state.NextId("i");
            (state, var eniId) = state.NextId("eni");
            var number = state.LastId.ToString("x6", CultureInfo.InvariantCulture);
            state = state.With(new NetworkInterface
            {
                Id = eniId,
                SubnetId = SubnetId,
                InstanceId = instanceId,
                DeviceIndex = 0,
                MacAddress = $"0e:ff:00:{number[^6..^4]}:{number[^4..^2]}:{number[^2..]}",
                PrimaryAddress = address,
            });
            var instance = new Instance
            {
                Id = instanceId,
                AvailabilityZone = subnet.AvailabilityZone,
                InstanceType = InstanceType,
                Tags = Tags,
            };
            state = InstanceLifecycle.Enter(state, instance, InstanceState.Pending, now);
            ids.Add(instanceId);
        }
        return Change.Done<IReadOnlyList<string>>(state, ids);
    }
}
