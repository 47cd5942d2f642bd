using Vprox.Failover.Core.Replacement;

namespace Vprox.Failover.Adapters;

/// <summary>EC2's instances as the judgement of nodes and the keeping of the fleet's size use them.</summary>
public interface IInstances
{
    /// <summary>The states of instances in EC2's words, by id; those that EC2 does not know are absent.</summary>
    /// <exception cref="Ec2UnavailableException">EC2 did not answer.</exception>
    Task<IReadOnlyDictionary<string, string>> StatesAsync(IReadOnlyCollection<string> instanceIds, CancellationToken cancellationToken);

    /// <summary>The events scheduled for instances of the region that are neither over nor called off, each as the end of a sentence.</summary>
    /// <exception cref="Ec2UnavailableException">EC2 did not answer.</exception>
    Task<IReadOnlyList<(string InstanceId, string Notice)>> NoticesAsync(CancellationToken cancellationToken);

    /// <summary>Which of the nodes have an instance in their place already, by node.</summary>
    /// <exception cref="Ec2UnavailableException">EC2 did not answer.</exception>
    Task<IReadOnlyDictionary<string, string>> ReplacementsAsync(IReadOnlyCollection<string> nodeIds, CancellationToken cancellationToken);

    /// <summary>Starts one, or finds the one that was started for the same token before. Returns its id.</summary>
    /// <exception cref="Ec2UnavailableException">EC2 did not start it, or did not say.</exception>
    Task<string> RunAsync(Replacement replacement, CancellationToken cancellationToken);
}
