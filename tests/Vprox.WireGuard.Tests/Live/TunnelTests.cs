using System.Net;
using Vprox.Addressing;

namespace Vprox.WireGuard.Tests.Live;

/// <summary>A tunnel between two hosts: handshake, traffic, roaming.</summary>
public sealed class TunnelTests : IAsyncLifetime
{
    private static readonly Ipv4Prefix LeftInner = Ipv4Prefix.Parse("240.0.0.1/32"), RightInner = Ipv4Prefix.Parse("240.0.0.2/32");

    private readonly WireGuardPrivateKey _leftKey = WireGuardPrivateKey.Generate(), _rightKey = WireGuardPrivateKey.Generate();
    private readonly TwoHosts _hosts = new();
    private LiveDevice? _left, _right;

    private LiveDevice Left => _left!;

    private LiveDevice Right => _right!;

    public async ValueTask InitializeAsync()
    {
        _left = await UpAsync(_hosts.Left, _leftKey, LeftInner, 50101);
        _right = await UpAsync(_hosts.Right, _rightKey, RightInner, 50102);
        await Right.ConfigureAsync(new PeerConfig { PublicKey = _leftKey.PublicKey(), AllowedIps = [LeftInner] });
        await Left.ConfigureAsync(new PeerConfig
        {
            PublicKey = _rightKey.PublicKey(),
            Endpoint = new IPEndPoint(TwoHosts.RightAddress, 50102),
            AllowedIps = [RightInner],
        });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var device in new[] { _left, _right }.OfType<LiveDevice>())
            await device.DisposeAsync();
        _hosts.Dispose();
    }

    [Fact]
    public async Task A_ping_goes_through_and_both_sides_tell_of_the_handshake()
    {
        await PingAsync();
        var now = TimeProvider.System.GetUtcNow();
        var (atLeft, atRight) = (await Left.PeerAsync(_rightKey.PublicKey()), await Right.PeerAsync(_leftKey.PublicKey()));
        foreach (var peer in new[] { atLeft, atRight })
        {
            Assert.InRange(peer.LastHandshake!.Value, now.AddMinutes(-2), now.AddMinutes(2));
            Assert.True(peer is { ReceivedBytes: > 0, SentBytes: > 0 });
        }
        // The right host was told no endpoint: it learned it from the handshake.
        Assert.Equal(new IPEndPoint(TwoHosts.LeftAddress, 50101), atRight.Endpoint);
    }

    [Fact]
    public async Task A_keepalive_that_is_turned_on_starts_the_handshake()
    {
        Assert.Null((await Right.PeerAsync(_leftKey.PublicKey())).LastHandshake);
        await Left.ConfigureAsync(new PeerConfig { PublicKey = _rightKey.PublicKey(), PersistentKeepalive = TimeSpan.FromSeconds(25) });
        await Waiting.UntilAsync("handshake", async () => (await Right.PeerAsync(_leftKey.PublicKey())).LastHandshake is not null);
    }

    [Fact]
    public async Task An_endpoint_that_roams_is_seen()
    {
        await PingAsync();
        await Left.ConfigureAsync(new DeviceConfig { ListenPort = 50103 });
        await PingAsync();
        await Waiting.UntilAsync("new endpoint", async () =>
            Equals((await Right.PeerAsync(_leftKey.PublicKey())).Endpoint, new IPEndPoint(TwoHosts.LeftAddress, 50103)));
    }

    [Fact]
    public async Task A_peer_without_the_allowed_IP_is_not_heard()
    {
        await PingAsync();
        await Right.ConfigureAsync(new PeerConfig { PublicKey = _leftKey.PublicKey(), ReplaceAllowedIps = true });
        Assert.False(_hosts.Left.Ping(RightInner.Network));
    }

    [Fact]
    public async Task A_removed_peer_is_not_heard()
    {
        await PingAsync();
        await Right.ConfigureAsync(new PeerConfig { PublicKey = _leftKey.PublicKey(), Remove = true });
        Assert.False(_hosts.Left.Ping(RightInner.Network));
    }

    private Task PingAsync() => Waiting.UntilAsync("ping", () => Task.FromResult(_hosts.Left.Ping(RightInner.Network)));

    private static async Task<LiveDevice> UpAsync(Host host, WireGuardPrivateKey key, Ipv4Prefix inner, int port)
    {
        var device = await LiveDevice.CreateAsync(host, "tn");
        await device.ConfigureAsync(new DeviceConfig { PrivateKey = key, ListenPort = port });
        host.Ip($"address add {inner.Network}/24 dev {device.Name}");
        host.Ip($"link set {device.Name} up");
        return device;
    }
}
