namespace Vprox.Allocator.Adapters.Storage;

/// <summary>An ENI of a node as IMDS last showed it there.</summary>
public sealed class NetworkInterface
{
    public required string NetworkInterfaceId { get; init; }

    public required string NodeId { get; set; }

    public required string SubnetId { get; set; }

    public required string SubnetCidr { get; set; }

    public required string PrimaryAddress { get; set; }

    public required IReadOnlyList<string> SecondaryAddresses { get; set; }

    public required int SecondaryCapacity { get; set; }
}
