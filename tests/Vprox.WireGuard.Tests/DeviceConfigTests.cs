using System.Net;

namespace Vprox.WireGuard.Tests;

public sealed class DeviceConfigTests
{
    private static readonly WireGuardKey Key = WireGuardPrivateKey.Generate().PublicKey();

    [Theory]
    [InlineData(-1)]
    [InlineData(65536)]
    public void A_port_that_is_none_cannot_be_asked_for(int port) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DeviceConfig { ListenPort = port });

    [Theory]
    [InlineData(-1)]
    [InlineData(0.5)]
    [InlineData(65536)]
    public void A_keepalive_interval_is_whole_seconds_that_fit_16_bits(double seconds) => Assert.Throws<ArgumentOutOfRangeException>(
        () => new PeerConfig { PublicKey = Key, PersistentKeepalive = TimeSpan.FromSeconds(seconds) });

    [Fact]
    public void No_peer_has_the_zero_key() => Assert.Throws<ArgumentException>(() => new PeerConfig { PublicKey = default });

    [Fact]
    public void An_endpoint_has_a_port() =>
        Assert.Throws<ArgumentException>(() => new PeerConfig { PublicKey = Key, Endpoint = new IPEndPoint(IPAddress.Loopback, 0) });

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("-f")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("wg%d")]
    [InlineData("sixteen_letters_")]
    [InlineData("vp\0")]
    public void A_name_that_is_no_interface_name_is_refused(string name) => Assert.Throws<ArgumentException>(() => InterfaceName.Require(name));

    [Theory]
    [InlineData("vp49152")]
    [InlineData("vw0")]
    [InlineData("fifteen_letters")]
    public void Our_names_are_interface_names(string name) => InterfaceName.Require(name);
}
