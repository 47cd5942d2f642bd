using Vprox.Failover.Core.Calls;
using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Adapters;

/// <summary>EC2's addresses as Failover uses them.</summary>
public interface IEc2
{
    /// <summary>
    /// Reads Elastic IPs and ENIs. An Elastic IP that does not exist is on nothing, an ENI that does not exist has nothing.
    /// </summary>
    /// <exception cref="Ec2UnavailableException">EC2 did not answer, or not with what was asked.</exception>
    Task<ObservedEc2> DescribeAsync(Ec2Question question, CancellationToken cancellationToken);

    /// <summary>Makes a call, once, and reads how it ended.</summary>
    Task<CallOutcome> ApplyAsync(MoveStep step, CancellationToken cancellationToken);
}
