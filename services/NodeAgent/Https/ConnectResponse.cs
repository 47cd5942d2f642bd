using System.Text.Json.Serialization;
using Vprox.Addressing;
using Vprox.NodeAgent.Core.Peers;
using Vprox.NodeAgent.Core.Placements;

namespace Vprox.NodeAgent.Https;

/// <summary>The answer to /connect. The first three fields are modal-labs/vprox's; a client of its reads those and no others.</summary>
public sealed record ConnectResponse
{
    /// <summary>Bytes of an inner packet, as wg-quick(8) sets it on Ethernet.</summary>
    private const int TunnelMtu = 1420;

    /// <summary>The peer's first inner address with the subnet's prefix length, e.g. 240.0.0.2/22.</summary>
    public required string AssignedAddr { get; init; }

    /// <summary>The static address's WireGuard public key (base64).</summary>
    public required string ServerPublicKey { get; init; }

    /// <summary>Its UDP port.</summary>
    public required int ServerListenPort { get; init; }

    /// <summary>All inner addresses of the peer.</summary>
    public required IReadOnlyList<string> InnerAddresses { get; init; }

    /// <summary>The port block of each inner address; empty for a peer that shares the rest of the ports.</summary>
    public required IReadOnlyList<string> PortBlocks { get; init; }

    /// <summary>The server's inner address, which answers ping.</summary>
    public required string Gateway { get; init; }

    /// <summary>MTU of the tunnel.</summary>
    public required int Mtu { get; init; }

    /// <summary>When the lease ends; absent when it has no end.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The answer for a peer.</summary>
    public static ConnectResponse For(Placement placement, TunnelPeer peer) => new()
    {
        AssignedAddr = $"{peer.InnerAddresses[0]}/{placement.Inner.Length}",
        ServerPublicKey = placement.Identity!.ServerPublicKey.ToString(),
        ServerListenPort = placement.ListenPort,
        InnerAddresses = [.. peer.InnerAddresses.Select(address => address.ToString())],
        PortBlocks = [.. peer.InnerAddresses
            .Select(address => new BlockLayout(placement.BlockSize).BlockOf(placement.Inner, address))
            .OfType<int>()
            .Select(block => new BlockLayout(placement.BlockSize).PortsOf(block).ToString())],
        Gateway = AddressLayout.ServerAddress(placement.Inner).ToString(),
        Mtu = TunnelMtu,
        ExpiresAt = peer.LeaseExpiresAt,
    };
}
