namespace Vprox.Failover.Core.Moves;

/// <summary>One call to EC2.</summary>
public abstract record MoveStep
{
    /// <summary>AssignPrivateIpAddresses with AllowReassignment: the addresses come to the ENI with their Elastic IPs.</summary>
    public sealed record Assign(string NetworkInterfaceId, IReadOnlyList<string> PrivateAddresses) : MoveStep;

    /// <summary>AssociateAddress: what was on the private address before leaves it.</summary>
    public sealed record Associate(string AllocationId, string NetworkInterfaceId, string PrivateAddress) : MoveStep;

    /// <summary>DisassociateAddress.</summary>
    public sealed record Disassociate(string AllocationId, string AssociationId) : MoveStep;

    /// <summary>UnassignPrivateIpAddresses: gives the addresses back to the subnet.</summary>
    public sealed record Unassign(string NetworkInterfaceId, IReadOnlyList<string> PrivateAddresses) : MoveStep;
}
