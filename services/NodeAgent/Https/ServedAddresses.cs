using System.Net;
using System.Net.Security;
using Vprox.Identity;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.Placements;

namespace Vprox.NodeAgent.Https;

/// <summary>
/// The static addresses that are on the host, by the private address that connections come to. Those that are still to come are made ready as well:
/// when one arrives, its certificate is not to be waited for.
/// </summary>
public sealed class ServedAddresses(TimeProvider time)
{
    private static readonly TimeSpan ClockLag = TimeSpan.FromDays(1);

    private Dictionary<IPAddress, ServedAddress> _ready = [];
    private volatile Dictionary<IPAddress, ServedAddress> _byPrivateAddress = [];

    /// <summary>The static address behind a private one; null when none is served there.</summary>
    public ServedAddress? Find(IPAddress privateAddress) => _byPrivateAddress.GetValueOrDefault(privateAddress);

    /// <summary>Takes what a round brought to the kernel.</summary>
    public void Set(NodeRound round)
    {
        var placements = round.Held.ToDictionary(held => held.Placement.Address, held => held.Placement);
        _ready = round.Desired.Addresses.ToDictionary(address => address.PrivateAddress, address => Ready(placements[address.Address]));
        _byPrivateAddress = round.Desired.Addresses
            .Where(address => address.LinkName is not null)
            .ToDictionary(address => address.PrivateAddress, address => _ready[address.PrivateAddress]);
    }

    private ServedAddress Ready(Placement placement) =>
        _ready.GetValueOrDefault(placement.PrivateAddress) is { } known && known.Placement == placement ? known : Serve(placement);

    private ServedAddress Serve(Placement placement) => new(
        placement,
        SslStreamCertificateContext.Create(placement.Identity!.CreateCertificate(time.GetUtcNow() - ClockLag, placement.Address), null, offline: true),
        new GrantVerifier(placement.Message.GrantKeys, placement.Address, placement.Inner, time));
}
