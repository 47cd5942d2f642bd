using Vprox.Contracts;
using Vprox.Identity;
using Vprox.NodeAgent.Core.Metadata;

namespace Vprox.NodeAgent.Workers;

/// <summary>How a node describes itself to the others.</summary>
public sealed class NodeDescription(NodeIdentity identity, SealingKey sealingKey, NodeAgentOptions options)
{
    /// <summary>NodeJoined, from what IMDS shows.</summary>
    public NodeJoined Joined(MetadataSnapshot metadata) => new()
    {
        NodeId = identity.NodeId,
        InstanceId = metadata.InstanceId,
        Region = metadata.Region,
        SealingPublicKey = sealingKey.PublicKey.ToString(),
        ProbeUrl = options.HttpsPort == 443 ? $"https://{metadata.PrimaryAddress}" : $"https://{metadata.PrimaryAddress}:{options.HttpsPort}",
        NetworkInterfaces = Interfaces(metadata),
        AgentVersion = NodeIdentity.Version,
        StartedAt = identity.StartedAt,
    };

    /// <summary>NodeAddressesChanged, from what IMDS shows.</summary>
    public NodeAddressesChanged AddressesChanged(MetadataSnapshot metadata) => new() { NodeId = identity.NodeId, NetworkInterfaces = Interfaces(metadata) };

    private List<NodeNetworkInterface> Interfaces(MetadataSnapshot metadata) =>
        [.. metadata.NetworkInterfaces.Select(eni => new NodeNetworkInterface
        {
            NetworkInterfaceId = eni.NetworkInterfaceId,
            SubnetId = eni.SubnetId,
            SubnetCidr = eni.Subnet.ToString(),
            PrimaryAddress = eni.PrimaryAddress.ToString(),
            SecondaryAddresses = [.. eni.SecondaryAddresses.Select(address => address.ToString())],
            SecondaryCapacity = options.SecondaryCapacity,
        })];
}
