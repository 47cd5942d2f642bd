using Vprox.NodeAgent.Core.Metadata;
using Vprox.NodeAgent.Core.Peers;
using Vprox.NodeAgent.Core.Placements;

namespace Vprox.NodeAgent.Core;

/// <summary>Placements met with what IMDS shows: what this node's kernel shall hold.</summary>
public static class DesiredNodeBuilder
{
    /// <summary>Builds it. Placements whose seal did not open have no key yet and are left out; of two that contradict each other, the older.</summary>
    public static DesiredNode Build(IReadOnlyList<Placement> held, MetadataSnapshot metadata, PeerTable peers) => new()
    {
        NetworkInterfaces = [.. metadata.NetworkInterfaces.Select(eni => new DesiredNetworkInterface
        {
            LinkName = eni.LinkName,
            DeviceNumber = eni.DeviceNumber,
            Subnet = eni.Subnet,
            Gateway = eni.Gateway,
            PrimaryAddress = eni.PrimaryAddress,
            IsShared = eni.HostAddresses.Count > 0,
        })],
        Addresses = [.. held
            .Where(placement => placement.Identity is not null)
            .OrderByDescending(placement => placement.Generation)
            .DistinctBy(placement => placement.ListenPort)
            .DistinctBy(placement => placement.PrivateAddress)
            .DistinctBy(placement => placement.Inner)
            .OrderBy(placement => Addressing.Ipv4.ToUInt32(placement.Address))
            .Select(placement => new DesiredAddress
            {
                Address = placement.Address,
                PrivateAddress = placement.PrivateAddress,
                LinkName = LinkOf(placement, metadata),
                IsHosts = metadata.HolderOf(placement.PrivateAddress)?.HostAddresses.Contains(placement.PrivateAddress) ?? false,
                AwaitedLinkName = metadata.NetworkInterfaces.FirstOrDefault(eni => eni.NetworkInterfaceId == placement.Message.NetworkInterfaceId)?.LinkName,
                Bandwidth = placement.Bandwidth,
                ListenPort = placement.ListenPort,
                Inner = placement.Inner,
                BlockSize = placement.BlockSize,
                PrivateKey = placement.Identity!.WireGuardPrivateKey,
                Peers = [.. peers.Of(placement.Address).Select(ToDesired)],
                Zone = placement.Zone,
            })],
    };

    /// <summary>A peer as the data plane wants it.</summary>
    public static DesiredPeer ToDesired(TunnelPeer peer) =>
        new() { PublicKey = peer.PublicKey, InnerAddresses = peer.InnerAddresses, Endpoint = peer.Endpoint };

    /// <summary>
    /// The ENI that an address shall be on, or null while it is not here. A private address that IMDS associates with another public address is not
    /// it: traffic would leave with a foreign one. One that is associated with none yet harms nobody, EC2's gateway drops what it sends.
    /// </summary>
    public static string? LinkOf(Placement placement, MetadataSnapshot metadata)
    {
        if (metadata.HolderOf(placement.PrivateAddress) is not { } eni)
            return null;
        return eni.PublicAddresses.TryGetValue(placement.PrivateAddress, out var shown) && !shown.Equals(placement.Address) ? null : eni.LinkName;
    }

    /// <summary>True when IMDS shows the private address here and the static address associated with it: the outside reaches it.</summary>
    public static bool IsReachable(Placement placement, MetadataSnapshot metadata) =>
        metadata.HolderOf(placement.PrivateAddress) is { } eni
        && eni.PublicAddresses.TryGetValue(placement.PrivateAddress, out var shown) && shown.Equals(placement.Address);
}
