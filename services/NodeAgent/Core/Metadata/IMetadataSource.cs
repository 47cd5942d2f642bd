namespace Vprox.NodeAgent.Core.Metadata;

/// <summary>Who says which addresses this host has: EC2's IMDS, or, where there is no cloud, the host's own kernel.</summary>
public interface IMetadataSource
{
    /// <summary>Its name in logs, e.g. IMDS.</summary>
    string Name { get; }

    /// <summary>One complete reading. One that is not complete throws: that is not "no addresses".</summary>
    Task<MetadataSnapshot> ReadAsync(CancellationToken cancellationToken);

    /// <summary>A reading that need only be new where awaited addresses are concerned.</summary>
    Task<MetadataSnapshot> GlanceAsync(IReadOnlyList<AwaitedAddress> awaited, CancellationToken cancellationToken);
}
