using System.Net;
using Vprox.Addressing;

namespace Vprox.Lab.Cloud.State;

/// <summary>A VPC subnet in one availability zone.</summary>
public sealed record Subnet
{
    public required string Id { get; init; }

    public required Ipv4Prefix Prefix { get; init; }

    public required string AvailabilityZone { get; init; }

    /// <summary>The VPC router's address in the subnet: the first after the network address.</summary>
    public IPAddress Router => Prefix.AddressAt(1);

    /// <summary>EC2 keeps the first four addresses and the last one of a subnet to itself (VPC user guide, subnet sizing).</summary>
    public bool IsReserved(IPAddress address)
    {
        var offset = Prefix.OffsetOf(address);
        return offset < 4 || offset == Prefix.Count - 1;
    }
}
