namespace Vprox.Failover.Core.Moves;

/// <summary>A private address that an Elastic IP of ours leaves on an ENI, to be given back to the subnet.</summary>
public sealed record LeftBehind(string NetworkInterfaceId, string PrivateAddress)
{
    /// <summary>What a step leaves behind; null for nothing.</summary>
    public static LeftBehind? By(MoveStep step, ObservedEc2 observed)
    {
        var (allocation, arrivesOn) = step switch
        {
            MoveStep.Associate associate => (associate.AllocationId, associate.PrivateAddress),
            MoveStep.Disassociate disassociate => (disassociate.AllocationId, null),
            _ => (null, (string?)null),
        };
        return allocation is not null && observed.Associations.GetValueOrDefault(allocation) is { } was && was.PrivateAddress != arrivesOn
            ? new LeftBehind(was.NetworkInterfaceId, was.PrivateAddress)
            : null;
    }
}
