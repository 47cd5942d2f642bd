using System.Net;
using CsCheck;
using Vprox.Addressing;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Tests.Core;

public sealed class PortPlannerTests
{
    private const int Most = 156;
    private static readonly Ipv4Prefix Inner = Ipv4Prefix.Parse("240.0.0.0/22");
    private static readonly PortPolicy Policy = new();
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_tunnel_that_fills_half_of_its_ports_wants_more_and_a_quiet_one_wants_none()
    {
        Assert.Equal(0, Plan(Blocks(2), Load(100, 2), rate: 0).Wanted);
        Assert.Equal(3, Plan(Blocks(2), Load(300, 2), rate: 0).Wanted);
    }

    [Fact]
    public void The_rate_of_new_connections_counts_before_they_come_and_a_step_is_bounded()
    {
        Assert.Equal(5, Plan(Blocks(2), Load(100, 2), rate: 250).Wanted);
        Assert.Equal(8, Plan(Blocks(2), Load(100, 2), rate: 5000).Wanted);
        Assert.Equal(Most, Plan(Blocks(150), Load(30_000, 150), rate: 5000).Wanted);
    }

    [Fact]
    public void Connections_to_many_destinations_need_no_more_ports_than_the_busiest_of_them()
    {
        var load = Load(3, 2) with { Total = 10_000 };
        Assert.Equal(TunnelPorts.AsGranted, Plan(Blocks(2), load, rate: 500));
    }

    [Fact]
    public void A_block_that_is_fuller_than_others_rests_until_it_is_emptier()
    {
        var blocks = Blocks(3);
        PortLoad Loaded(int first) => Load(first + 20, 3) with { Fullest = new Dictionary<IPAddress, int> { [blocks[0].Address] = first, [blocks[1].Address] = 10 } };
        var resting = Plan(blocks, Loaded(200), rate: 0);
        Assert.Equal([blocks[0].Address], resting.Resting);
        Assert.Equal(resting.Resting, PortPlanner.Plan(resting, blocks, Loaded(100), 0, PortMemory.Empty, Policy, Start).Ports.Resting);
        Assert.Empty(PortPlanner.Plan(resting, blocks, Loaded(70), 0, PortMemory.Empty, Policy, Start).Ports.Resting);
    }

    [Fact]
    public void What_was_not_needed_for_a_minute_is_retired_then_returned_when_its_last_connection_is_gone()
    {
        var blocks = Blocks(8);
        var busy = new Dictionary<IPAddress, int> { [blocks[5].Address] = 1, [blocks[0].Address] = 3 };
        var (ports, memory) = PortPlanner.Plan(TunnelPorts.AsGranted, blocks, Load(900, 8), 0, PortMemory.Empty, Policy, Start);
        for (var second = 5; second <= 130; second += 5)
            (ports, memory) = PortPlanner.Plan(ports, blocks, Load(3, 8) with { Flows = busy }, 0, memory, Policy, Start.AddSeconds(second));
        Assert.Equal([blocks[5].Address], ports.Retired);
        Assert.Equal(blocks.Where((_, i) => i is 2 or 3 or 4 or 6 or 7).Select(block => block.Address).ToHashSet(), ports.Returning);
        Assert.Equal([blocks[0], blocks[1]], ports.Open(Connection(blocks)));
    }

    [Fact]
    public void A_retired_block_is_used_again_before_another_is_asked_for()
    {
        var blocks = Blocks(4);
        var retired = new TunnelPorts { Retired = [blocks[2].Address, blocks[3].Address] };
        var (ports, _) = PortPlanner.Plan(retired, blocks, Load(300, 2), 0, PortMemory.Empty, Policy, Start);
        Assert.Equal((0, 1), (ports.Wanted, ports.Retired.Count));
    }

    /// <summary>Whatever the load does: nothing in use is given back, some block is always open, and what is given back is used no more.</summary>
    [Fact]
    public void No_block_with_a_connection_is_ever_given_back_and_one_is_always_open() =>
        Gen.Select(Gen.Int[0, 30_000], Gen.Double[0, 3000], Gen.Int[1, 40], Gen.Int[0, 1 << 20]).Array[1, 60].Sample(looks =>
        {
            var (ports, memory, count) = (TunnelPorts.AsGranted, PortMemory.Empty, 2);
            var now = Start;
            foreach (var (used, rate, seconds, which) in looks)
            {
                now = now.AddSeconds(seconds);
                var blocks = Blocks(count);
                var flows = blocks.Where((_, i) => ((which >> (i % 20)) & 1) == 1).ToDictionary(block => block.Address, _ => 1);
                var load = Load(used, count) with { Flows = flows };
                var before = ports;
                (ports, memory) = PortPlanner.Plan(ports, blocks, load, rate, memory, Policy, now);
                var open = ports.Open(Connection(blocks));
                Assert.NotEmpty(open);
                Assert.InRange(ports.Wanted, 0, Most);
                Assert.DoesNotContain(ports.Returning.Except(before.Returning), flows.ContainsKey);
                Assert.DoesNotContain(open, block => ports.Returning.Contains(block.Address));
                Assert.True(before.Returning.IsSubsetOf(ports.Returning));
                Assert.True(count - ports.Returning.Count >= Policy.Fewest);
                // The Allocator takes back and grants in one answer; the names of blocks are given anew, as a grant does.
                if (ports.NeedsGrant(Connection(blocks)))
                {
                    count = Math.Min(Most, Math.Max(ports.Wanted, count - ports.Returning.Count));
                    ports = TunnelPorts.AsGranted;
                }
            }
        }, iter: 300);

    /// <summary>No flapping: under a load that stays, a tunnel comes to rest and neither asks nor gives back any more.</summary>
    [Fact]
    public void A_steady_load_comes_to_rest() => Gen.Select(Gen.Int[0, 18_000], Gen.Int[2, 156]).Sample((used, first) =>
    {
        var (ports, memory, count) = (TunnelPorts.AsGranted, PortMemory.Empty, first);
        var changes = new List<int>();
        for (var second = 0; second < 600; second++)
        {
            var blocks = Blocks(count);
            var next = PortPlanner.Plan(ports, blocks, Load(used, count), 0, memory, Policy, Start.AddSeconds(second));
            (ports, memory) = next;
            if (!ports.NeedsGrant(Connection(blocks)))
                continue;
            count = Math.Max(ports.Wanted, count - ports.Returning.Count);
            ports = TunnelPorts.AsGranted;
            changes.Add(second);
        }
        Assert.True(changes.Count <= 6, $"{changes.Count} changes");
        Assert.True(changes.All(second => second < 100));
        Assert.True(used <= count * 256 * Policy.GrowAbove);
    }, iter: 100);

    private static TunnelPorts Plan(IReadOnlyList<InnerBlock> blocks, PortLoad load, double rate) =>
        PortPlanner.Plan(TunnelPorts.AsGranted, blocks, load, rate, PortMemory.Empty, Policy, Start).Ports;

    private static PortLoad Load(int used, int blocks) => new()
    {
        Destination = "203.0.113.1:443/tcp",
        Used = used,
        Total = used,
        Fullest = Blocks(blocks).ToDictionary(block => block.Address, _ => used / blocks),
    };

    private static List<InnerBlock> Blocks(int count) =>
        [.. Enumerable.Range(0, count).Select(block => new InnerBlock(AddressLayout.AddressOfBlock(Inner, block), AddressLayout.PortsOfBlock(block)))];

    private static NodeConnection Connection(IReadOnlyList<InnerBlock> blocks) => Scene.Connection() with
    {
        InnerAddresses = [.. blocks.Select(block => block.Address)],
        Blocks = blocks,
    };
}
