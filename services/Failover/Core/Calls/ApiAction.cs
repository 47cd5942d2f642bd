using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Core.Calls;

/// <summary>The actions of EC2's API that Failover uses, by their own names.</summary>
public static class ApiAction
{
    public const string Assign = "AssignPrivateIpAddresses";
    public const string Unassign = "UnassignPrivateIpAddresses";
    public const string Associate = "AssociateAddress";
    public const string Disassociate = "DisassociateAddress";
    public const string DescribeAddresses = "DescribeAddresses";
    public const string DescribeNetworkInterfaces = "DescribeNetworkInterfaces";
    public const string DescribeInstances = "DescribeInstances";
    public const string DescribeInstanceStatus = "DescribeInstanceStatus";
    public const string RunInstances = "RunInstances";

    /// <summary>The action that carries a step out.</summary>
    public static string Of(MoveStep step) => step switch
    {
        MoveStep.Assign => Assign,
        MoveStep.Associate => Associate,
        MoveStep.Disassociate => Disassociate,
        MoveStep.Unassign => Unassign,
        _ => throw new InvalidOperationException($"No action for {step}."),
    };
}
