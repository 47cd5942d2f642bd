using CsCheck;
using Vprox.WireGuard;

namespace Vprox.Identity.Tests;

public sealed class PeerProofTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly WireGuardPrivateKey Peer = WireGuardPrivateKey.Generate();
    private static readonly WireGuardPrivateKey Server = WireGuardPrivateKey.Generate();

    private static string Proof => PeerProof.Make(Peer, Server.PublicKey(), "disconnect", Now);

    private static bool Holds(string? proof, DateTimeOffset? now = null, WireGuardKey? peer = null, WireGuardPrivateKey? server = null, string action = "disconnect") =>
        PeerProof.Holds(server ?? Server, peer ?? Peer.PublicKey(), action, proof, now ?? Now);

    [Fact]
    public void Who_holds_the_key_proves_it() => Assert.True(Holds(Proof));

    [Fact]
    public void A_proof_is_of_one_peer_one_server_and_one_action()
    {
        var other = WireGuardPrivateKey.Generate();
        Assert.False(Holds(Proof, peer: other.PublicKey()));
        Assert.False(Holds(Proof, server: other));
        Assert.False(Holds(Proof, action: "connect"));
        Assert.False(Holds(PeerProof.Make(other, Server.PublicKey(), "disconnect", Now)));
    }

    [Theory]
    [InlineData(299, true)]
    [InlineData(-299, true)]
    [InlineData(302, false)]
    [InlineData(-302, false)]
    public void A_proof_is_good_for_five_minutes_around_its_time(int seconds, bool holds) => Assert.Equal(holds, Holds(Proof, Now.AddSeconds(seconds)));

    [Fact]
    public void A_changed_time_is_no_longer_proven()
    {
        var dot = Proof.IndexOf('.', StringComparison.Ordinal);
        Assert.False(Holds($"{Now.ToUnixTimeSeconds() + 1}{Proof[dot..]}"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1.")]
    [InlineData("-1.AAAA")]
    [InlineData("99999999999999999999999.AAAA")]
    [InlineData("9223372036854775807.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_no_proof_proves_nothing(string? text) => Assert.False(Holds(text));

    [Fact]
    public void Nothing_made_up_proves_anything() => Gen.Select(Gen.String, Gen.Byte.Array[32]).Sample((text, key) =>
    {
        var peer = new WireGuardKey(key);
        Assert.False(Holds(text));
        Assert.False(Holds($"{Now.ToUnixTimeSeconds()}.{text}"));
        Assert.False(Holds(Proof, peer: peer));
    });

    [Fact]
    public void A_point_of_small_order_proves_nothing()
    {
        // RFC 7748, section 6.1: the shared secret would be known to everyone.
        var one = new byte[32];
        one[0] = 1;
        Assert.False(Holds(Proof, peer: new WireGuardKey(one)));
    }
}
