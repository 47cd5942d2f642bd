using System.Net.NetworkInformation;

namespace Vprox.Netlink;

/// <summary>A network interface as it was observed.</summary>
public sealed record Link
{
    /// <summary>Interface index, above 0; never used again while the namespace lives, but another namespace may have the same.</summary>
    public required int Index { get; init; }

    /// <summary>Interface name, at most 15 bytes.</summary>
    public required string Name { get; init; }

    /// <summary>Kind by the kernel's name (<see cref="LinkKind"/>); null for hardware and loopback.</summary>
    public string? Kind { get; init; }

    /// <summary>True when it was set up (IFF_UP).</summary>
    public bool IsUp { get; init; }

    /// <summary>True when the carrier is there too (IFF_LOWER_UP).</summary>
    public bool HasCarrier { get; init; }

    /// <summary>True for lo.</summary>
    public bool IsLoopback { get; init; }

    /// <summary>Largest packet in bytes, without link header.</summary>
    public int Mtu { get; init; }

    /// <summary>MAC address; null for links without one, such as tun and WireGuard.</summary>
    public PhysicalAddress? HardwareAddress { get; init; }

    /// <summary>Index of the bridge it belongs to; null for none.</summary>
    public int? MasterIndex { get; init; }

    /// <summary>Index of the lower link or the veth peer, in the namespace of <see cref="PeerNamespaceId"/>; null for none.</summary>
    public int? PeerIndex { get; init; }

    /// <summary>Id, in this namespace, of the namespace that the lower link or peer is in; null when it is this one.</summary>
    public int? PeerNamespaceId { get; init; }
}
