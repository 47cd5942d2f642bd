using System.Net;
using System.Net.Security;
using Vprox.Identity;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Workers;
using Vprox.NodeAgent.Core.Placements;

namespace Vprox.NodeAgent.Https;

/// <summary>
/// The static addresses that are on the host, by the private address that connections come to. Those that are still to come are made ready as well:
/// when one arrives, its certificate is not to be waited for.
/// </summary>
public sealed class ServedAddresses(FreezeWatch freeze, TimeProvider time)
{
    private static readonly TimeSpan ClockLag = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private Dictionary<IPAddress, ServedAddress> _ready = [];
    private volatile Dictionary<IPAddress, ServedAddress> _byPrivateAddress = [];

    /// <summary>The static address behind a private one; null when none is served there, or when it is not known whether it still is.</summary>
    public ServedAddress? Find(IPAddress privateAddress) => freeze.MayServe ? _byPrivateAddress.GetValueOrDefault(privateAddress) : null;

    /// <summary>Takes what a round brought to the kernel.</summary>
    /// <param name="round">The round.</param>
    /// <param name="arrived">The static addresses that are on the host.</param>
    public void Set(NodeRound round, IReadOnlySet<IPAddress> arrived)
    {
        var placements = round.Held.ToDictionary(held => held.Placement.Address, held => held.Placement);
        lock (_lock)
            _ready = round.Desired.Addresses.ToDictionary(address => address.PrivateAddress, address => Ready(placements[address.Address]));
        Show(arrived);
    }

    /// <summary>Takes which of the ready addresses are on the host.</summary>
    public void Show(IReadOnlySet<IPAddress> arrived)
    {
        lock (_lock)
            _byPrivateAddress = _ready.Where(ready => arrived.Contains(ready.Value.Placement.Address)).ToDictionary();
    }

    private ServedAddress Ready(Placement placement)
    {
        if (_ready.GetValueOrDefault(placement.PrivateAddress) is not { } known || !IsSameServer(known.Placement, placement))
            return Serve(placement);
        return known.Placement == placement ? known : known with { Placement = placement };
    }

    // Its peers may be others, and its bandwidth: with a new certificate no client could resume its session.
    private static bool IsSameServer(Placement one, Placement other) =>
        one.Address.Equals(other.Address) && one.Inner == other.Inner && one.BlockSize == other.BlockSize
        && one.Identity!.TlsPin.Equals(other.Identity!.TlsPin) && one.Message.GrantKeys.SequenceEqual(other.Message.GrantKeys);

    private ServedAddress Serve(Placement placement) => new(
        placement,
        SslStreamCertificateContext.Create(placement.Identity!.CreateCertificate(time.GetUtcNow() - ClockLag, placement.Address), null, offline: true),
        new GrantVerifier(placement.Message.GrantKeys, placement.Address, placement.Inner, time, placement.BlockSize));
}
