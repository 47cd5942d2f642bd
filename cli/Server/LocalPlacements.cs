using System.Net;
using System.Security.Cryptography;
using Vprox.Addressing;
using Vprox.Contracts;
using Vprox.Identity;
using Vprox.NodeAgent;
using Vprox.NodeAgent.Adapters.State;
using Vprox.NodeAgent.Core.Placements;

namespace Vprox.Cli.Server;

/// <summary>
/// The placements of a server without an Allocator. They are in the node's journal before the node starts, which takes them, and the interfaces that the
/// kernel still has for them, from there as after any restart.
/// </summary>
internal sealed class LocalPlacements(ServerOptions options, AddressKeys keys, SealingKey sealingKey, NodeJournal journal)
{
    private IReadOnlyList<StaticIpPlaced> _placed = [];

    /// <summary>Reads what the last run had, and with it places the addresses that are known at the start.</summary>
    /// <returns>The placements.</returns>
    /// <exception cref="IOException">The journal cannot be written.</exception>
    public IReadOnlyList<StaticIpPlaced> Begin()
    {
        var written = NodeJournal.Document.Empty;
        try
        {
            written = journal.Read();
            _placed = [.. written.Placements.Select(entry => entry.Placed)];
        }
        catch (InvalidDataException)
        {
            // It was put aside; the same addresses in the same order get the same places again.
        }
        Place(options.Cloud ? [] : [.. options.Addresses.Select(address => new PlacementBook.Wanted(address, address))]);
        // No snapshot ever comes: nothing is too old for one.
        journal.Write(
            [.. _placed.Select(placed => PlacementParser.TryParse(placed, out var placement, out _)
                ? new HeldPlacement(placement with { Zone = written.Placements.FirstOrDefault(entry => entry.Placed == placed)?.Zone ?? 0 }, 0)
                : null).OfType<HeldPlacement>()],
            upTo: 0, written.LastZone);
        return _placed;
    }

    /// <summary>Places addresses, and forgets none that may come back.</summary>
    /// <returns>The placements that changed, and the addresses that found no place.</returns>
    public (IReadOnlyList<StaticIpPlaced> Changed, IReadOnlyList<IPAddress> WithoutPlace) Place(IReadOnlyList<PlacementBook.Wanted> wanted)
    {
        var (next, without) = PlacementBook.Next(_placed, wanted, options.Block, keepsUnwanted: options.Cloud, Make);
        next = [.. next.Select(placed => HasOurKeys(placed) ? placed : placed with { Generation = placed.Generation + 1, SealedIdentity = Seal(Ipv4.Parse(placed.Address)) })];
        var changed = next.Except(_placed).ToList();
        _placed = next;
        return (changed, [.. without.Select(each => each.Address)]);
    }

    /// <summary>What a client needs to know of a placement.</summary>
    public string PinOf(StaticIpPlaced placed) => keys.Of(Ipv4.Parse(placed.Address)).TlsPin.ToString();

    private StaticIpPlaced Make(PlacementBook.Wanted wanted, int port, Ipv4Prefix inner, long generation) => new()
    {
        Address = wanted.Address.ToString(),
        Generation = generation,
        NodeId = options.Node.NodeId!,
        PrivateAddress = wanted.Private.ToString(),
        NetworkInterfaceId = "",
        AllocationId = "",
        ProxyId = wanted.Address.ToString(),
        WorkspaceId = "",
        ListenPort = port,
        InnerSubnet = inner.ToString(),
        SealedIdentity = Seal(wanted.Address),
        GrantKeys = [],
    };

    private string Seal(IPAddress address) => SealedIdentity.Seal(keys.Of(address), sealingKey.PublicKey, address, options.Node.NodeId!);

    /// <summary>False when the journal is of another secret, as after somebody copied one from another host.</summary>
    private bool HasOurKeys(StaticIpPlaced placed)
    {
        try
        {
            var address = Ipv4.Parse(placed.Address);
            return SealedIdentity.Open(sealingKey, placed.SealedIdentity, address, placed.NodeId).TlsPin.Equals(keys.Of(address).TlsPin);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
