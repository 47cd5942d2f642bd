using Vprox.NodeAgent.Core.DataPlane.Counting;
using Vprox.NodeAgent.Core.DataPlane.Ruleset;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>Reads what addresses sent and received: packets and bytes from nft, drops from traffic control. Safe for several threads.</summary>
internal sealed class TrafficReader(RulesetStore ruleset, ShapingReader shaping)
{
    private readonly ShaperDrops _drops = new();
    private readonly Lock _lock = new();

    /// <summary>Reads it, two entries for each address that the table counts.</summary>
    /// <exception cref="Netlink.NetlinkException">The kernel refused.</exception>
    public IReadOnlyList<AddressTraffic> Read()
    {
        lock (_lock)
        {
            // First, so that no packet was dropped that is not counted yet.
            TakeDrops();
            var traffic = new List<AddressTraffic>();
            foreach (var (name, count) in ruleset.Counters())
            {
                if (AddressCounters.Parse(name) is var (listenPort, outgoing))
                    traffic.Add(new AddressTraffic(listenPort, outgoing, count.Bytes, count.Packets, _drops.Of(listenPort, outgoing)));
            }
            _drops.Keep(traffic.Select(counted => counted.ListenPort).ToHashSet());
            return traffic;
        }
    }

    /// <summary>Packets that the firewall dropped, by reason: every counter of the table that is no address's.</summary>
    /// <exception cref="Netlink.NetlinkException">The kernel refused.</exception>
    public IReadOnlyDictionary<string, ulong> FirewallDrops() =>
        ruleset.Counters().Where(counter => AddressCounters.Parse(counter.Key) is null).ToDictionary(counter => counter.Key, counter => counter.Value.Packets);

    /// <summary>To be called before queues go: their drops go with them.</summary>
    /// <exception cref="Netlink.NetlinkException">The kernel refused.</exception>
    public void TakeDrops()
    {
        lock (_lock)
            _drops.Take(shaping.Drops());
    }
}
