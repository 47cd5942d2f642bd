using System.Security.Cryptography;
using Vprox.Addressing;
using Vprox.Cli.Server;

namespace Vprox.Cli.Tests.Server;

public sealed class AddressKeysTests
{
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public void One_secret_gives_an_address_the_same_keys_on_any_host()
    {
        var address = Ipv4.Parse("192.0.2.10");
        var here = new AddressKeys(Secret).Of(address);
        var there = new AddressKeys(Secret).Of(address);
        Assert.Equal((here.ServerPublicKey, here.TlsPin), (there.ServerPublicKey, there.TlsPin));
    }

    [Fact]
    public void Addresses_and_secrets_share_no_keys()
    {
        var keys = new AddressKeys(Secret);
        var all = Enumerable.Range(1, 50).Select(i => keys.Of(Ipv4.Parse($"192.0.2.{i}"))).Append(new AddressKeys(RandomNumberGenerator.GetBytes(32)).Of(Ipv4.Parse("192.0.2.1"))).ToList();
        Assert.Equal(all.Count, all.Select(each => each.ServerPublicKey).Distinct().Count());
        Assert.Equal(all.Count, all.Select(each => each.TlsPin.ToString()).Distinct().Count());
    }
}
