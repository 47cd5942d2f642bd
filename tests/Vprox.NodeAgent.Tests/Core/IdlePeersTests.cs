using Vprox.NodeAgent.Core.Peers;
using Vprox.NodeAgent.Tests.Given;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.Core;

public sealed class IdlePeersTests
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
        var device = new Device
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
        Assert.Equal(idle, IdlePeers.Find([peer], device, Some.Now.AddMinutes(arrivedMinutes), IdleAfter, Some.Now).Count == 1);
    }
}
