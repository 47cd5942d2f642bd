using Vprox.Failover.Core.Liveness;

namespace Vprox.Failover.Core.Replacement;

/// <summary>A node as the question whether it must be replaced needs it.</summary>
/// <param name="NodeId">The node.</param>
/// <param name="InstanceId">Its instance.</param>
/// <param name="SubnetId">The subnet of its first ENI.</param>
/// <param name="Standing">What is held of it; null when nothing is known.</param>
/// <param name="State">What EC2 says of its instance, e.g. "running"; null when EC2 does not know it.</param>
/// <param name="IsReplaced">An instance was started in its place already.</param>
public sealed record FleetNode(string NodeId, string InstanceId, string SubnetId, NodeStandingNow? Standing, string? State, bool IsReplaced);
