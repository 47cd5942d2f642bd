using System.Collections.Immutable;
using System.Net;

namespace Vprox.Lab.Cloud.State;

/// <summary>An elastic network interface (ENI), attached to an instance for its whole life here.</summary>
public sealed record NetworkInterface
{
    public required string Id { get; init; }

    public required string SubnetId { get; init; }

    /// <summary>Lower case, with colons, as IMDS and the kernel print it.</summary>
    public required string MacAddress { get; init; }

    public required string InstanceId { get; init; }

    /// <summary>0 for the first.</summary>
    public required int DeviceIndex { get; init; }

    /// <summary>Bound to the ENI for life; EC2 moves secondary addresses only.</summary>
    public required IPAddress PrimaryAddress { get; init; }

    /// <summary>In the order they were assigned.</summary>
    public ImmutableList<IPAddress> SecondaryAddresses { get; init; } = [];

    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The primary address first, as EC2 and IMDS list them.</summary>
    public IEnumerable<IPAddress> Addresses => [PrimaryAddress, .. SecondaryAddresses];

    public bool Has(IPAddress address) => PrimaryAddress.Equals(address) || SecondaryAddresses.Contains(address);
}
