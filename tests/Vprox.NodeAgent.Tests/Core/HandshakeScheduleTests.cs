using System.Net;
using CsCheck;
using Vprox.Addressing;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.Handshakes;
using Vprox.NodeAgent.Tests.Given;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.Core;

public sealed class HandshakeScheduleTests
{
    private readonly HandshakeSchedule _schedule = new();

    [Fact]
    public void Peers_of_an_address_that_arrived_are_due_at_once()
    {
        _schedule.Begin(Address(0, Peer(1, "198.51.100.1"), Peer(2, "198.51.100.2")), Some.Now, Some.Now);

        Assert.Equal([Some.Key(1), Some.Key(2)], _schedule.Take(Some.Now).Select(each => each.Peer.PublicKey).Order());
        Assert.Empty(_schedule.Take(Some.Now));
    }

    [Fact]
    public void A_peer_that_was_never_seen_has_to_begin_itself()
    {
        _schedule.Begin(Address(0, new DesiredPeer { PublicKey = Some.Key(1), InnerAddresses = [] }), Some.Now, Some.Now);

        Assert.Null(_schedule.NextAt);
    }

    [Fact]
    public void A_peer_that_does_not_answer_is_tried_again_ever_later_and_then_left_alone()
    {
        _schedule.Begin(Address(0, Peer(1, "198.51.100.1")), Some.Now, Some.Now);
        var times = new List<double>();
        while (_schedule.NextAt is { } next)
        {
            Assert.Single(_schedule.Take(next));
            times.Add((next - Some.Now).TotalMilliseconds);
        }

        Assert.Equal([0, 250, 750, 1750, 3750, 7750, 12750, 17750], times);
    }

    [Fact]
    public void A_peer_with_a_handshake_since_the_arrival_is_done()
    {
        _schedule.Begin(Address(0, Peer(1, "198.51.100.1"), Peer(2, "198.51.100.2")), Some.Now, Some.Now);
        _schedule.Take(Some.Now);

        var done = _schedule.Observe(Device(0, (1, Some.Now), (2, Some.Now.AddSeconds(-1)), (3, Some.Now)));

        Assert.Equal(Some.Key(1), Assert.Single(done).Peer.PublicKey);
        Assert.Equal(Some.Key(2), Assert.Single(_schedule.Pending).Peer.PublicKey);
    }

    [Fact]
    public void Nothing_is_sent_for_an_address_that_has_left()
    {
        _schedule.Begin(Address(0, Peer(1, "198.51.100.1")), Some.Now, Some.Now);

        _schedule.Keep(pending => !pending.Address.Equals(Some.PublicAddress(0)));

        Assert.Empty(_schedule.Take(Some.Now));
        Assert.Null(_schedule.NextAt);
    }

    [Fact]
    public void No_host_is_sent_more_than_it_answers_under_load_and_everybody_is_sent_one_in_time() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 3]).Sample((peers, hosts) =>
        {
            var schedule = new HandshakeSchedule();
            schedule.Begin(Address(0, [.. Enumerable.Range(1, peers).Select(number => Peer(number, $"198.51.100.{number % hosts}"))]), Some.Now, Some.Now);
            var sent = new List<(IPAddress Host, DateTimeOffset At, WireGuardKey Key)>();
            while (schedule.NextAt is { } next && next < Some.Now.AddSeconds(5))
                sent.AddRange(schedule.Take(next).Select(each => (each.Peer.Endpoint!.Address, next, each.Peer.PublicKey)));

            Assert.Equal(peers, sent.Select(each => each.Key).Distinct().Count());
            foreach (var host in sent.GroupBy(each => each.Host))
            {
                // In any second at most the burst and twenty.
                Assert.All(host, from => Assert.InRange(host.Count(each => each.At >= from.At && each.At < from.At.AddSeconds(1)), 1, 25));
            }
        }, iter: 50);

    private static DesiredAddress Address(int slot, params DesiredPeer[] peers) => new()
    {
        Address = Some.PublicAddress(slot),
        Zone = 1,
        PrivateAddress = Some.PrivateAddress(slot),
        LinkName = "ens5",
        ListenPort = AddressLayout.ListenPorts.First + slot,
        Inner = Some.Inner(slot),
        PrivateKey = Some.Identity.WireGuardPrivateKey,
        Peers = peers,
    };

    private static DesiredPeer Peer(int number, string host) =>
        new() { PublicKey = Some.Key(number), InnerAddresses = [], Endpoint = new IPEndPoint(IPAddress.Parse(host), 40_000 + number) };

    private static Device Device(int slot, params (int Number, DateTimeOffset Handshake)[] peers) => new()
    {
        Name = $"vp{AddressLayout.ListenPorts.First + slot}",
        ListenPort = AddressLayout.ListenPorts.First + slot,
        FirewallMark = 0,
        PrivateKey = null,
        Peers = [.. peers.Select(peer => new Peer { PublicKey = Some.Key(peer.Number), LastHandshake = peer.Handshake, AllowedIps = [] })],
    };
}
