using Vprox.Cli.Server;
using Vprox.WireGuard;

namespace Vprox.Cli.Tests.Server;

public sealed class SilenceTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly WireGuardKey Key = WireGuardPrivateKey.Generate().PublicKey();

    private readonly Silence _silence = new();

    private static Device Device(long received, DateTimeOffset? handshake = null, bool there = true) => new()
    {
        Name = "vp50227",
        ListenPort = 50227,
        FirewallMark = 0,
        Peers = there ? [new Peer { PublicKey = Key, ReceivedBytes = received, LastHandshake = handshake ?? Start, AllowedIps = [] }] : [],
    };

    [Fact]
    public void Who_is_said_to_leave_and_is_silent_goes()
    {
        _silence.Note(Key);
        Assert.Empty(_silence.Observe(Device(100), Start));
        Assert.Empty(_silence.Observe(Device(100), Start + Silence.Enough - TimeSpan.FromSeconds(1)));
        Assert.Equal([Key], _silence.Observe(Device(100), Start + Silence.Enough));
        Assert.True(_silence.IsEmpty);
    }

    [Fact]
    public void Who_is_said_to_leave_and_sends_its_keepalive_stays()
    {
        _silence.Note(Key);
        _silence.Observe(Device(100), Start);
        Assert.Empty(_silence.Observe(Device(132), Start + TimeSpan.FromSeconds(25)));
        Assert.Empty(_silence.Observe(Device(132), Start + (3 * Silence.Enough)));
    }

    [Fact]
    public void A_new_handshake_is_a_sign_of_life()
    {
        _silence.Note(Key);
        _silence.Observe(Device(100), Start);
        Assert.Empty(_silence.Observe(Device(100, Start + TimeSpan.FromSeconds(1)), Start + Silence.Enough));
        Assert.True(_silence.IsEmpty);
    }

    [Fact]
    public void Saying_it_again_and_again_does_not_make_it_take_longer()
    {
        _silence.Note(Key);
        _silence.Observe(Device(100), Start);
        _silence.Note(Key);
        Assert.Equal([Key], _silence.Observe(Device(100), Start + Silence.Enough));
    }

    [Fact]
    public void Who_is_not_there_is_not_remembered()
    {
        _silence.Note(Key);
        Assert.Empty(_silence.Observe(Device(0, there: false), Start));
        Assert.True(_silence.IsEmpty);
    }
}
