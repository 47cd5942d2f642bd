using System.Net;
using System.Net.NetworkInformation;

namespace Vprox.Netlink;

/// <summary>An entry of the ARP table as it was observed.</summary>
public sealed record Neighbor
{
    /// <summary>Index of the link.</summary>
    public required int LinkIndex { get; init; }

    /// <summary>The neighbour's IPv4 address.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>What the kernel knows of it.</summary>
    public required NeighborState State { get; init; }

    /// <summary>MAC address; null when unknown.</summary>
    public PhysicalAddress? HardwareAddress { get; init; }

    /// <summary>True when this host answers ARP for the address on the link.</summary>
    public bool IsProxy { get; init; }
}
