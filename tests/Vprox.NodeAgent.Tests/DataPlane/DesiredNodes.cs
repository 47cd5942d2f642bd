using System.Net;
using CsCheck;
using Vprox.Addressing;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Shaping;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.DataPlane;

/// <summary>Nodes with up to four static addresses, here or not yet, on either ENI, with peers that come and go; the fourth is the host's as well.</summary>
internal static class DesiredNodes
{
    /// <summary>Of a node whose link nobody knows: an ENI is shaped where an address asks for it.</summary>
    public static readonly DataPlaneOptions Options = new([Ipv4Prefix.Parse("10.0.0.0/8"), Ipv4Prefix.Parse("10.1.0.0/16")], Shaping: new ShapingOptions());

    /// <summary>Of one whose link is known: all of it is shaped.</summary>
    public static readonly DataPlaneOptions OfKnownLink = Options with { Shaping = new ShapingOptions(LinkMbps: 1_000) };

    /// <summary>The fourth's private addresses: the host has them without us.</summary>
    public static readonly IReadOnlyList<IPAddress> HostAddresses = [Ipv4.Parse("10.0.1.70"), Ipv4.Parse("10.0.1.71")];

    private static readonly WireGuardPrivateKey[] Keys = [.. Enumerable.Range(0, 8).Select(_ => WireGuardPrivateKey.Generate())];
    private static readonly WireGuardKey[] PeerKeys = [.. Enumerable.Range(0, 4).Select(_ => WireGuardPrivateKey.Generate().PublicKey())];

    public static Gen<DesiredNode> Any { get; } =
        from addresses in Gen.Select(Address(0), Address(1), Address(2), Address(3))
        from placed in Gen.Bool.Array[4]
        select new DesiredNode
        {
            NetworkInterfaces =
            [
                new() { LinkName = "ens5", DeviceNumber = 0, Subnet = Ipv4Prefix.Parse("10.0.1.0/24"), PrimaryAddress = Ipv4.Parse("10.0.1.10") },
                new() { LinkName = "ens6", DeviceNumber = 1, Subnet = Ipv4Prefix.Parse("10.0.2.0/24"), PrimaryAddress = Ipv4.Parse("10.0.2.10"), IsShared = true },
            ],
            Addresses = [.. ((DesiredAddress[])[addresses.Item1, addresses.Item2, addresses.Item3, addresses.Item4]).Where((_, index) => placed[index])],
        };

    private static Gen<DesiredAddress> Address(int index) =>
        from link in Gen.Int[0, 2].Select(choice => choice switch { 0 => null, 1 => "ens5", _ => "ens6" })
        from key in Gen.Int[0, 1]
        from privateAddress in Gen.Int[0, 1]
        from owners in Gen.Int[-1, 3].Array[3]
        from known in Gen.Bool
        from blockSize in Gen.Int[0, 3].Select(power => BlockLayout.SmallestSize << power)
        from guaranteed in Gen.OneOf(Gen.Const((int?)null), Gen.Int[1, 600].Select(rate => (int?)rate))
        from above in Gen.OneOf(Gen.Const((int?)null), Gen.Int[0, 600].Select(rate => (int?)rate))
        select new DesiredAddress
        {
            Address = Ipv4.Parse($"192.0.2.{1 + index}"),
            PrivateAddress = Ipv4.Parse($"10.0.1.{64 + (2 * index) + privateAddress}"),
            LinkName = link,
            IsHosts = index == 3 && link is not null,
            AwaitedLinkName = "ens5",
            Bandwidth = new Bandwidth(guaranteed, 1 + (guaranteed ?? 0) + above),
            ListenPort = 50_000 + index,
            Zone = (ushort)(1 + (2 * index) + privateAddress),
            Inner = Ipv4Prefix.Parse("240.0.0.0/8").Subnet(22, index),
            BlockSize = blockSize,
            PrivateKey = Keys[(2 * index) + key],
            Peers = Peers(index, owners, known),
        };

    // Each of three inner addresses is some peer's, or nobody's.
    private static IReadOnlyList<DesiredPeer> Peers(int index, int[] owners, bool known) =>
    [
        .. owners
            .Select((owner, offset) => (Owner: owner, Inner: Ipv4.Parse($"240.0.{4 * index}.{2 + offset}")))
            .Where(item => item.Owner >= 0)
            .GroupBy(item => item.Owner, item => item.Inner)
            .Select(owned => new DesiredPeer
            {
                PublicKey = PeerKeys[owned.Key],
                InnerAddresses = [.. owned],
                Endpoint = known ? new IPEndPoint(IPAddress.Parse("198.51.100.2"), 1000 + owned.Key) : null,
            }),
    ];
}
