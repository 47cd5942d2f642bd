using CsCheck;
using Vprox.Addressing;
using Vprox.NodeAgent.Core;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.DataPlane;

public sealed class ZoneTests
{
    private static readonly WireGuardPrivateKey Key = WireGuardPrivateKey.Generate();

    [Fact]
    public void An_address_that_comes_back_has_another_zone_than_in_its_last_stays() =>
        Gen.Select(Gen.Int[49152, 65535], Gen.Long[1, 1_000_000_000]).Sample((port, generation) =>
            Enumerable.Range(0, 4).Select(later => Zone(port, generation + later)).Distinct().Count() == 4);

    [Fact]
    public void Neighbouring_ports_share_no_zone_and_none_has_the_hosts_own() =>
        Gen.Select(Gen.Int[49152, 65534], Gen.Long[1, 1_000_000_000], Gen.Long[1, 1_000_000_000]).Sample((port, one, other) =>
            Zone(port, one) != Zone(port + 1, other) && Zone(port, one) != 0);

    private static ushort Zone(int port, long generation) => new DesiredAddress
    {
        Address = Ipv4.Parse("192.0.2.1"),
        PrivateAddress = Ipv4.Parse("10.0.1.64"),
        LinkName = null,
        ListenPort = port,
        Inner = Ipv4Prefix.Parse("240.0.0.0/22"),
        PrivateKey = Key,
        Peers = [],
        Generation = generation,
    }.Zone;
}
