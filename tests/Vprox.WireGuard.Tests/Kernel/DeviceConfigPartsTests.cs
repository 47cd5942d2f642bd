using CsCheck;
using Vprox.Addressing;
using Vprox.Netlink;
using Vprox.WireGuard.Kernel;

namespace Vprox.WireGuard.Tests.Kernel;

public sealed class DeviceConfigPartsTests
{
    [Fact]
    public void A_small_change_is_one_part() => Generate.DeviceConfig(mostPeers: 3, mostAllowedIps: 10).Sample(config =>
    {
        var part = Assert.Single(DeviceConfigParts.Split(config));
        Assert.Equal(config with { Peers = part.Peers }, part);
        Assert.Equal(config.Peers, part.Peers);
    });

    [Fact]
    public void Every_part_fits_a_message() => Large.Sample(config =>
    {
        foreach (var part in DeviceConfigParts.Split(config))
        {
            var writer = new NetlinkWriter();
            DeviceEncoder.Write(writer, "fifteen_letters", part);
            Assert.InRange(writer.Length, 0, DeviceConfigParts.Limit + 100);
        }
    }, iter: 30);

    [Fact]
    public void Only_the_first_part_changes_the_device_and_replaces() => Large.Sample(config =>
    {
        var parts = DeviceConfigParts.Split(config).ToList();
        Assert.Equal(config with { Peers = parts[0].Peers }, parts[0]);
        Assert.All(parts.Skip(1), part => Assert.Equal(new DeviceConfig { Peers = part.Peers }, part));
    }, iter: 30);

    [Fact]
    public void All_parts_together_say_what_was_asked() => Large.Sample(config =>
    {
        var together = DeviceConfigParts.Split(config).SelectMany(part => part.Peers).GroupBy(peer => peer.PublicKey).ToDictionary(group => group.Key, group => group.ToList());
        Assert.Equal(config.Peers.Count, together.Count);
        foreach (var peer in config.Peers)
        {
            var parts = together[peer.PublicKey];
            Assert.Equal(peer with { AllowedIps = parts[0].AllowedIps }, parts[0]);
            Assert.Equal(peer.AllowedIps, parts.SelectMany(part => part.AllowedIps));
            Assert.All(parts.Skip(1), part => Assert.Equal(new PeerConfig { PublicKey = peer.PublicKey, UpdateOnly = true, AllowedIps = part.AllowedIps }, part));
        }
    }, iter: 30);

    private static readonly Gen<DeviceConfig> Large = Gen.Select(
        Generate.DeviceConfig(mostPeers: 300, mostAllowedIps: 10), Generate.PeerConfig(mostAllowedIps: 4000).List[0, 2],
        (config, large) => config with { Peers = [.. config.Peers.Concat(large).DistinctBy(peer => peer.PublicKey)] });

    [Fact]
    public void A_peer_with_more_allowed_IPs_than_a_message_holds_goes_on_in_the_next()
    {
        var peer = new PeerConfig
        {
            PublicKey = WireGuardPrivateKey.Generate().PublicKey(),
            ReplaceAllowedIps = true,
            AllowedIps = [.. Enumerable.Range(0, 3000).Select(i => Ipv4Prefix.Host(Ipv4Prefix.Parse("240.0.0.0/8").AddressAt(i)))],
        };
        var parts = DeviceConfigParts.Split(new DeviceConfig { Peers = [peer] }).Select(part => Assert.Single(part.Peers)).ToList();
        Assert.Equal(3, parts.Count);
        Assert.Equal([true, false, false], parts.Select(part => part.ReplaceAllowedIps));
    }
}
