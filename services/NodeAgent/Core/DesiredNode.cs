using System.Net;
using Vprox.Addressing;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core;

/// <summary>Everything this node's kernel shall hold for Vprox: placements met with what IMDS shows. The data plane plans from it.</summary>
public sealed record DesiredNode
{
    /// <summary>The node's ENIs; one that is down in the kernel is set up.</summary>
    public required IReadOnlyList<DesiredNetworkInterface> NetworkInterfaces { get; init; }

    /// <summary>The static addresses placed here, each once.</summary>
    public required IReadOnlyList<DesiredAddress> Addresses { get; init; }
}

/// <summary>An ENI: an address leaves by its own.</summary>
public sealed record DesiredNetworkInterface
{
    /// <summary>Its name in the kernel, e.g. ens5.</summary>
    public required string LinkName { get; init; }

    /// <summary>EC2's device number, 0 for the first.</summary>
    public required int DeviceNumber { get; init; }

    /// <summary>Its subnet.</summary>
    public required Ipv4Prefix Subnet { get; init; }

    /// <summary>Next hop to the world; null for the subnet's first address, where EC2 has it.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>Its primary private address, which is not ours to change.</summary>
    public required IPAddress PrimaryAddress { get; init; }

    /// <summary>True when it has addresses that are the host's as well: then what is not for us is the host's to route.</summary>
    public bool IsShared { get; init; }
}

/// <summary>A static address on this node.</summary>
public sealed record DesiredAddress
{
    /// <summary>The public address; for logs and errors only, the kernel never sees it.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The secondary private address that traffic leaves with.</summary>
    public required IPAddress PrivateAddress { get; init; }

    /// <summary>
    /// The ENI that IMDS shows the private address on, or null while it has not arrived or has left: then everything stands ready but
    /// the address is not on the host and nothing is forwarded for it.
    /// </summary>
    public required string? LinkName { get; init; }

    /// <summary>
    /// True when the address is the host's as well: it is on the host without us, the host goes on by its own routes, and its services are reached
    /// where no tunnel's port is meant.
    /// </summary>
    public bool IsHosts { get; init; }

    /// <summary>The ENI that the placement names, where the address is awaited; null when the node has no such ENI.</summary>
    public string? AwaitedLinkName { get; init; }

    /// <summary>What it may send and receive.</summary>
    public Bandwidth Bandwidth { get; init; } = Bandwidth.Any;

    /// <summary>UDP port, 49152..65535; the interface is named vp&lt;port&gt;.</summary>
    public required int ListenPort { get; init; }

    /// <summary>The address's inner /22.</summary>
    public required Ipv4Prefix Inner { get; init; }

    /// <summary>Ports in one of its blocks.</summary>
    public int BlockSize { get; init; } = AddressLayout.BlockSize;

    /// <summary>The address's WireGuard key.</summary>
    public required WireGuardPrivateKey PrivateKey { get; init; }

    /// <summary>The tunnels.</summary>
    public required IReadOnlyList<DesiredPeer> Peers { get; init; }

    /// <summary>Conntrack zone of this placement, 1..65535, another one than any placement on this node had lately.</summary>
    public required ushort Zone { get; init; }
}

/// <summary>A tunnel of a static address.</summary>
public sealed record DesiredPeer
{
    /// <summary>The worker's key for this tunnel.</summary>
    public required WireGuardKey PublicKey { get; init; }

    /// <summary>Its inner addresses, each a /32 of its allowed IPs.</summary>
    public required IReadOnlyList<IPAddress> InnerAddresses { get; init; }

    /// <summary>Last seen endpoint of a peer that moved here with its address; only ever set on a peer the kernel does not have yet.</summary>
    public IPEndPoint? Endpoint { get; init; }
}
