using Vprox.NodeAgent.Core.Peers;
using Vprox.NodeAgent.Tests.Given;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.Core;

public sealed class LeavingPeersTests
{
    private static readonly TimeSpan IdleAfter = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(-10, -10, -4, false)]
    [InlineData(-10, -10, -6, true)]
    [InlineData(-10, -10, null, true)]
    [InlineData(-4, -10, null, false)] // it connected just now
    [InlineData(-10, -4, null, false)] // the address arrived just now: before it no handshake could come
    public void A_peer_is_idle_without_a_handshake_since_it_could_have_had_one(int sinceMinutes, int arrivedMinutes, int? handshakeMinutes, bool idle)
    {
        var peer = new TunnelPeer { PublicKey = Some.Key(1), InnerAddresses = [], Since = Some.Now.AddMinutes(sinceMinutes) };

        var leaving = LeavingPeers.Find([peer], Device(handshakeMinutes), Some.Now.AddMinutes(arrivedMinutes), IdleAfter, Some.Now);

        IReadOnlyList<LeavingPeer> expected = idle ? [new LeavingPeer(Some.Key(1), "idle")] : [];
        Assert.Equal(expected, leaving);
    }

    [Theory]
    [InlineData(-1, -2, false)] // its session lives: the Allocator may be down, and its worker cannot renew
    [InlineData(-1, -4, true)]
    [InlineData(1, -4, false)]
    [InlineData(null, -4, false)]
    public void A_peer_whose_lease_has_ended_leaves_as_soon_as_it_has_no_session(int? leaseMinutes, int handshakeMinutes, bool leaves)
    {
        var peer = new TunnelPeer
        {
            PublicKey = Some.Key(1),
            InnerAddresses = [],
            Since = Some.Now.AddHours(-1),
            LeaseExpiresAt = leaseMinutes is { } minutes ? Some.Now.AddMinutes(minutes) : null,
        };

        var leaving = LeavingPeers.Find([peer], Device(handshakeMinutes), Some.Now.AddHours(-1), IdleAfter, Some.Now);

        IReadOnlyList<LeavingPeer> expected = leaves ? [new LeavingPeer(Some.Key(1), "expired")] : [];
        Assert.Equal(expected, leaving);
    }

    private static Device Device(int? handshakeMinutes) => new()
    {
        Name = "vp49152",
        ListenPort = 49152,
        FirewallMark = 0,
        Peers =
        [
            new Peer
            {
                PublicKey = Some.Key(1),
                AllowedIps = [],
                LastHandshake = handshakeMinutes is { } minutes ? Some.Now.AddMinutes(minutes) : null,
            },
        ],
    };
}
