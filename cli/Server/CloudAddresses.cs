using Vprox.NodeAgent.Adapters.Imds;
using Vprox.NodeAgent.Core.Metadata;

namespace Vprox.Cli.Server;

/// <summary>IMDS with the ENIs' primary addresses among those that can be served: a small instance has no others. They are the host's as well.</summary>
internal sealed class CloudAddresses(MetadataReader imds) : IMetadataSource
{
    /// <inheritdoc/>
    public string Name => imds.Name;

    /// <inheritdoc/>
    public async Task<MetadataSnapshot> ReadAsync(CancellationToken cancellationToken) =>
        WithPrimaries(await imds.ReadAsync(cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public async Task<MetadataSnapshot> GlanceAsync(IReadOnlyList<AwaitedAddress> awaited, CancellationToken cancellationToken) =>
        WithPrimaries(await imds.GlanceAsync(awaited, cancellationToken).ConfigureAwait(false));

    private static MetadataSnapshot WithPrimaries(MetadataSnapshot shown) => shown with
    {
        NetworkInterfaces = [.. shown.NetworkInterfaces.Select(eni => eni with
        {
            SecondaryAddresses = [eni.PrimaryAddress, .. eni.SecondaryAddresses],
            HostAddresses = [eni.PrimaryAddress],
        })],
    };
}
