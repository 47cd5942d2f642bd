using Vprox.Addressing;
using Vprox.Contracts;
using Vprox.Identity;

namespace Vprox.Allocator.Core;

/// <summary>Checks what a node says of itself.</summary>
public static class NodeValidator
{
    private const int MaximumInterfaces = 64;
    private const int MaximumSecondaryAddresses = 1024;

    /// <summary>Null when it is well formed; otherwise what is wrong.</summary>
    public static string? Error(NodeJoined joined)
    {
        if (!ProxyRequestValidator.IsId(joined.NodeId))
            return "nodeId must have 1 to 128 characters of A-Z a-z 0-9 . _ : -";
        if (string.IsNullOrWhiteSpace(joined.Region))
            return "region is empty";
        if (!SealingPublicKey.TryParse(joined.SealingPublicKey, out _))
            return "sealingPublicKey is not 32 bytes in base64";
        return Error(joined.NetworkInterfaces);
    }

    /// <summary>Null when they are well formed; otherwise what is wrong.</summary>
    public static string? Error(IReadOnlyList<NodeNetworkInterface> interfaces)
    {
        if (interfaces.Count > MaximumInterfaces)
            return $"a node has at most {MaximumInterfaces} network interfaces";
        if (interfaces.Select(eni => eni.NetworkInterfaceId).Distinct().Count() != interfaces.Count)
            return "a network interface is named twice";
        return interfaces.Select(Error).FirstOrDefault(error => error is not null);
    }

    private static string? Error(NodeNetworkInterface eni)
    {
        if (string.IsNullOrWhiteSpace(eni.NetworkInterfaceId) || string.IsNullOrWhiteSpace(eni.SubnetId))
            return "a network interface has no id or no subnet";
        if (!Ipv4Prefix.TryParse(eni.SubnetCidr, out _))
            return $"{eni.NetworkInterfaceId}: subnetCidr is not an IPv4 prefix";
        if (!Ipv4.TryParse(eni.PrimaryAddress, out _) || !eni.SecondaryAddresses.All(address => Ipv4.TryParse(address, out _)))
            return $"{eni.NetworkInterfaceId}: an address is not an IPv4 address";
        return eni.SecondaryCapacity is < 0 or > MaximumSecondaryAddresses || eni.SecondaryAddresses.Count > MaximumSecondaryAddresses
            ? $"{eni.NetworkInterfaceId}: secondaryCapacity must be 0 to {MaximumSecondaryAddresses}"
            : null;
    }
}
