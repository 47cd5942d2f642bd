using System.Net;
using Vprox.Addressing;

namespace Vprox.NodeAgent.Core.Metadata;

/// <summary>An ENI as IMDS shows it, with its name in the kernel.</summary>
public sealed record NetworkInterfaceMetadata
{
    /// <summary>EC2's id, e.g. eni-0123.</summary>
    public required string NetworkInterfaceId { get; init; }

    /// <summary>MAC address, lower case with colons, as IMDS writes it.</summary>
    public required string MacAddress { get; init; }

    /// <summary>The link's name in the kernel, e.g. ens5.</summary>
    public required string LinkName { get; init; }

    /// <summary>EC2's device number, 0 for the first.</summary>
    public required int DeviceNumber { get; init; }

    /// <summary>The subnet's id.</summary>
    public required string SubnetId { get; init; }

    /// <summary>The subnet.</summary>
    public required Ipv4Prefix Subnet { get; init; }

    /// <summary>Primary private address, the first of local-ipv4s.</summary>
    public required IPAddress PrimaryAddress { get; init; }

    /// <summary>Secondary private addresses.</summary>
    public required IReadOnlyList<IPAddress> SecondaryAddresses { get; init; }

    /// <summary>Private address → the public address associated with it (ipv4-associations).</summary>
    public required IReadOnlyDictionary<IPAddress, IPAddress> PublicAddresses { get; init; }

    /// <summary>
    /// Those of <see cref="SecondaryAddresses"/> that are the host's as well: it had them before us, is reached by them and speaks with them. None in EC2,
    /// where a static address is always a secondary one of its own.
    /// </summary>
    public IReadOnlyList<IPAddress> HostAddresses { get; init; } = [];

    /// <summary>Next hop to the world; null for the subnet's first address, where EC2 has it.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>True when both show the same addresses and associations; the order in which IMDS lists secondaries says nothing.</summary>
    public bool ShowsTheSameAs(NetworkInterfaceMetadata other) =>
        (NetworkInterfaceId, MacAddress, LinkName, DeviceNumber, SubnetId, Subnet)
            == (other.NetworkInterfaceId, other.MacAddress, other.LinkName, other.DeviceNumber, other.SubnetId, other.Subnet)
        && PrimaryAddress.Equals(other.PrimaryAddress)
        && SecondaryAddresses.ToHashSet().SetEquals(other.SecondaryAddresses)
        && HostAddresses.ToHashSet().SetEquals(other.HostAddresses)
        && Equals(Gateway, other.Gateway)
        && PublicAddresses.Count == other.PublicAddresses.Count
        && PublicAddresses.All(pair => other.PublicAddresses.TryGetValue(pair.Key, out var address) && address.Equals(pair.Value));
}
