using System.Net;
using Vprox.Addressing;

namespace Vprox.WireGuard.Tests.Live;

/// <summary>What both backends promise of configuration, on the real thing.</summary>
public sealed class ConfigurationTests(TwoHosts hosts) : IClassFixture<TwoHosts>
{
    private Host Host => hosts.Left;

    [Fact]
    public async Task Null_leaves_a_property_alone()
    {
        await using var device = await LiveDevice.CreateAsync(Host, "nu");
        var key = WireGuardPrivateKey.Generate();
        var peer = new PeerConfig
        {
            PublicKey = NewKey(),
            Endpoint = new IPEndPoint(TwoHosts.RightAddress, 7),
            PersistentKeepalive = TimeSpan.FromSeconds(25),
            AllowedIps = [Ipv4Prefix.Parse("240.0.0.2/32")],
        };
        await device.ConfigureAsync(new DeviceConfig { PrivateKey = key, ListenPort = 50001, FirewallMark = 9, Peers = [peer] });
        await device.ConfigureAsync(new DeviceConfig());
        await device.ConfigureAsync(new PeerConfig { PublicKey = peer.PublicKey });

        var read = await device.GetAsync();
        Assert.Equal((key, 50001, 9u), (read.PrivateKey, read.ListenPort, read.FirewallMark));
        var only = Assert.Single(read.Peers);
        Assert.Equal((peer.Endpoint, peer.PersistentKeepalive), (only.Endpoint, only.PersistentKeepalive));
        Assert.Equal(peer.AllowedIps, only.AllowedIps);
        Assert.Null(only.LastHandshake);
    }

    [Fact]
    public async Task Zero_takes_away_mark_and_keepalive()
    {
        await using var device = await LiveDevice.CreateAsync(Host, "ze");
        var key = NewKey();
        await device.ConfigureAsync(new DeviceConfig { FirewallMark = 9, Peers = [new PeerConfig { PublicKey = key, PersistentKeepalive = TimeSpan.FromSeconds(1) }] });
        await device.ConfigureAsync(new DeviceConfig { FirewallMark = 0, Peers = [new PeerConfig { PublicKey = key, PersistentKeepalive = TimeSpan.Zero }] });
        Assert.Equal(0u, (await device.GetAsync()).FirewallMark);
        Assert.Null((await device.PeerAsync(key)).PersistentKeepalive);
    }

    [Fact]
    public async Task Peers_are_added_updated_removed_and_replaced()
    {
        await using var device = await LiveDevice.CreateAsync(Host, "pe");
        WireGuardKey a = NewKey(), b = NewKey(), c = NewKey(), absent = NewKey();
        await device.ConfigureAsync(new PeerConfig { PublicKey = a }, new PeerConfig { PublicKey = b });
        Assert.Equal([a, b], await device.KeysAsync());

        await device.ConfigureAsync(new PeerConfig { PublicKey = a, Remove = true }, new PeerConfig { PublicKey = absent, Remove = true });
        Assert.Equal([b], await device.KeysAsync());

        await device.ConfigureAsync(new PeerConfig { PublicKey = absent, UpdateOnly = true, AllowedIps = [Ipv4Prefix.Parse("240.0.0.9/32")] });
        Assert.Equal([b], await device.KeysAsync());

        await device.ConfigureAsync(new DeviceConfig { ReplacePeers = true, Peers = [new PeerConfig { PublicKey = c }] });
        Assert.Equal([c], await device.KeysAsync());

        await device.ConfigureAsync(new DeviceConfig { ReplacePeers = true });
        Assert.Empty(await device.KeysAsync());
    }

    [Fact]
    public async Task The_interfaces_own_key_is_no_peer()
    {
        await using var device = await LiveDevice.CreateAsync(Host, "ow");
        var key = WireGuardPrivateKey.Generate();
        await device.ConfigureAsync(new DeviceConfig { PrivateKey = key, Peers = [new PeerConfig { PublicKey = key.PublicKey() }] });
        Assert.Empty(await device.KeysAsync());
    }

    [Fact]
    public async Task Allowed_IPs_are_added_replaced_and_moved_to_another_peer()
    {
        await using var device = await LiveDevice.CreateAsync(Host, "al");
        WireGuardKey a = NewKey(), b = NewKey();
        Ipv4Prefix one = Ipv4Prefix.Parse("240.0.0.2/32"), two = Ipv4Prefix.Parse("240.0.0.3/32"), net = Ipv4Prefix.Parse("10.0.0.0/8");
        await device.ConfigureAsync(new PeerConfig { PublicKey = a, AllowedIps = [one] }, new PeerConfig { PublicKey = b });
        await device.ConfigureAsync(new PeerConfig { PublicKey = a, AllowedIps = [two] });
        Assert.Equal([one, two], await device.AllowedIpsAsync(a));

        await device.ConfigureAsync(new PeerConfig { PublicKey = a, ReplaceAllowedIps = true, AllowedIps = [two, net] });
        Assert.Equal([net, two], await device.AllowedIpsAsync(a));

        await device.ConfigureAsync(new PeerConfig { PublicKey = b, AllowedIps = [two] });
        Assert.Equal([net], await device.AllowedIpsAsync(a));
        Assert.Equal([two], await device.AllowedIpsAsync(b));
    }

    [Fact]
    public async Task A_thousand_peers_and_one_with_three_thousand_allowed_IPs_are_read_back()
    {
        await using var device = await LiveDevice.CreateAsync(Host, "th");
        var inner = Ipv4Prefix.Parse("240.0.0.0/8");
        var peers = Enumerable.Range(0, 1000)
            .Select(i => new PeerConfig { PublicKey = NewKey(), AllowedIps = [Ipv4Prefix.Host(inner.AddressAt(2 * i)), Ipv4Prefix.Host(inner.AddressAt((2 * i) + 1))] })
            .Append(new PeerConfig { PublicKey = NewKey(), AllowedIps = [.. Enumerable.Range(10_000, 3000).Select(i => Ipv4Prefix.Host(inner.AddressAt(i)))] })
            .ToDictionary(peer => peer.PublicKey);
        await device.ConfigureAsync(new DeviceConfig { ReplacePeers = true, Peers = [.. peers.Values] });

        var read = await device.GetAsync();
        Assert.Equal(peers.Count, read.Peers.Count);
        Assert.All(read.Peers, peer => Assert.Equal(peers[peer.PublicKey].AllowedIps, peer.AllowedIps.Order()));
    }

    private static WireGuardKey NewKey() => WireGuardPrivateKey.Generate().PublicKey();
}
