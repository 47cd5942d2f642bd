namespace Vprox.Failover.Core.Replacement;

/// <summary>An instance to be started in place of a node.</summary>
/// <param name="NodeId">The node that is gone.</param>
/// <param name="SubnetId">Where.</param>
/// <param name="ClientToken">The same for the same node, also after a crash: EC2 starts one instance for it, however often it is asked.</param>
/// <param name="Evidence">Why the node counts as gone.</param>
public sealed record Replacement(string NodeId, string SubnetId, string ClientToken, string Evidence);
