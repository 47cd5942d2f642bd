namespace Vprox.Failover.Core.Liveness;

/// <summary>
/// The judgement of nodes as the moving of addresses needs it: whether a node that an address leaves can still be waited for, and whether
/// one is gone for so long that it is replaced.
/// </summary>
public interface INodeStandings
{
    /// <summary>What is held of a node now; null when nothing is known of it.</summary>
    NodeStandingNow? Of(string nodeId);
}

/// <summary>What is held of a node.</summary>
/// <param name="Dead">Declared dead and not recovered: nobody waits for it.</param>
/// <param name="DeadFor">For how long, as far as this process knows; zero while it is not dead.</param>
/// <param name="ByOperator">An operator wanted it so (FailNode, DrainNode): it is not replaced unless EC2 says that it is gone.</param>
public sealed record NodeStandingNow(bool Dead, TimeSpan DeadFor, bool ByOperator);
