using System.Diagnostics.CodeAnalysis;
using System.Net;
using Vprox.Addressing;
using Vprox.Contracts;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core.Placements;

/// <summary>Turns StaticIpPlaced into a <see cref="Placement"/>. Messages come from the bus and from a file: nothing in them is trusted to be there.</summary>
public static class PlacementParser
{
    /// <summary>Parses a message; false with one sentence that says what is wrong with it.</summary>
    public static bool TryParse(StaticIpPlaced message, [NotNullWhen(true)] out Placement? placement, [NotNullWhen(false)] out string? error)
    {
        placement = null;
        error = null;
        if (!Ipv4.TryParse(message.Address, out var address))
            error = $"Address \"{message.Address}\" is not an IPv4 address";
        else if (message.Generation < 1)
            error = $"Generation {message.Generation} is below 1";
        else if (string.IsNullOrEmpty(message.NodeId))
            error = "NodeId is empty";
        else if (!Ipv4.TryParse(message.PrivateAddress, out var privateAddress))
            error = $"PrivateAddress \"{message.PrivateAddress}\" is not an IPv4 address";
        else if (message.ListenPort < AddressLayout.ListenPorts.First || message.ListenPort > AddressLayout.ListenPorts.Last)
            error = $"ListenPort {message.ListenPort} is outside {AddressLayout.ListenPorts}";
        else if (!Ipv4Prefix.TryParse(message.InnerSubnet, out var inner) || inner.Length != AddressLayout.InnerPrefixLength)
            error = $"InnerSubnet \"{message.InnerSubnet}\" is not a /{AddressLayout.InnerPrefixLength}";
        else if (message.PortBlockSize is { } size && !BlockLayout.IsSize(size))
            error = $"PortBlockSize {size} is not 128, 256, 512 or 1024";
        else if (message is { GuaranteedMbps: < 1 } or { CeilingMbps: < 1 } || message.CeilingMbps < message.GuaranteedMbps)
            error = $"GuaranteedMbps {message.GuaranteedMbps} and CeilingMbps {message.CeilingMbps} are not rates, the lower first";
        else if (!TryParsePeers(message.Peers ?? [], inner, out var peers, out error))
            return false;
        else
            placement = new Placement
            {
                Address = address,
                Generation = message.Generation,
                NodeId = message.NodeId,
                PrivateAddress = privateAddress,
                ListenPort = message.ListenPort,
                Inner = inner,
                BlockSize = message.PortBlockSize ?? AddressLayout.BlockSize,
                Bandwidth = new Bandwidth(message.GuaranteedMbps, message.CeilingMbps),
                Peers = peers,
                Message = message with { Peers = message.Peers ?? [], GrantKeys = message.GrantKeys ?? [], SealedIdentity = message.SealedIdentity ?? "" },
            };
        return placement is not null;
    }

    private static bool TryParsePeers(
        IReadOnlyList<PlacedPeer> messages, Ipv4Prefix inner, out List<PlacedTunnel> peers, [NotNullWhen(false)] out string? error)
    {
        peers = new List<PlacedTunnel>(messages.Count);
        error = null;
        foreach (var message in messages)
        {
            if (!WireGuardKey.TryParse(message?.PublicKey, out var key))
                error = $"peer key \"{message?.PublicKey}\" is not a WireGuard key";
            else if (!InnerAddresses.TryParse(message!.InnerAddresses ?? [], inner, out var addresses))
                error = $"inner addresses of peer {key} are not client addresses of {inner}";
            else
                // An endpoint is a hint: without it the peer starts the handshake.
                peers.Add(new PlacedTunnel(key, addresses, IPEndPoint.TryParse(message.Endpoint ?? "", out var endpoint) && endpoint.Port > 0 ? endpoint : null, message.GrantedAt));
            if (error is not null)
                return false;
        }
        return true;
    }
}
