using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Adapters;

/// <summary>EC2 as Failover uses it.</summary>
public interface IEc2
{
    /// <summary>Reads the Elastic IPs, the ENIs named and those the Elastic IPs are on. What does not exist is absent.</summary>
    Task<ObservedEc2> DescribeAsync(
        IReadOnlyCollection<string> allocationIds, IReadOnlyCollection<string> networkInterfaceIds, CancellationToken cancellationToken);

    /// <summary>Carries a step out. Null when it is done (or was done before), otherwise what EC2 said.</summary>
    Task<string?> ApplyAsync(MoveStep step, CancellationToken cancellationToken);
}
