using System.Net;

namespace Vprox.NodeAgent.Core.Metadata;

/// <summary>What IMDS showed in one complete reading. There is no snapshot of a reading that failed: unreachable is not "no addresses".</summary>
public sealed record MetadataSnapshot
{
    private readonly Dictionary<IPAddress, NetworkInterfaceMetadata> _holders = [];

    /// <summary>EC2 instance id.</summary>
    public required string InstanceId { get; init; }

    /// <summary>Cloud region.</summary>
    public required string Region { get; init; }

    /// <summary>The ENIs that are usable: attached, addressed and in the kernel; by device number, the first one first.</summary>
    public required IReadOnlyList<NetworkInterfaceMetadata> NetworkInterfaces
    {
        get;
        init
        {
            field = value;
            _holders = [];
            foreach (var eni in value)
                foreach (var address in eni.SecondaryAddresses)
                    _holders.TryAdd(address, eni);
        }
    }

    /// <summary>When the reading was complete.</summary>
    public DateTimeOffset ReadAt { get; init; }

    /// <summary>Primary private address of the first ENI, where the node itself is reached; null while none is usable.</summary>
    public IPAddress? PrimaryAddress => NetworkInterfaces.Count > 0 ? NetworkInterfaces[0].PrimaryAddress : null;

    /// <summary>The ENI that holds a secondary private address, or null.</summary>
    public NetworkInterfaceMetadata? HolderOf(IPAddress privateAddress) => _holders.GetValueOrDefault(privateAddress);

    /// <summary>True when both show the same ENIs with the same addresses and associations.</summary>
    public bool ShowsTheSameAs(MetadataSnapshot other) =>
        InstanceId == other.InstanceId && Region == other.Region
        && NetworkInterfaces.Count == other.NetworkInterfaces.Count
        && NetworkInterfaces.Zip(other.NetworkInterfaces).All(pair => pair.First.ShowsTheSameAs(pair.Second));
}
