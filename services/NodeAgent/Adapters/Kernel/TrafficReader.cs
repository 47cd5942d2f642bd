using Vprox.NodeAgent.Core.DataPlane.Counting;
using Vprox.NodeAgent.Core.DataPlane.Ruleset;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>
/// Reads what addresses sent and received, packets and bytes from nft, drops from traffic control, and what the firewall dropped: every counter of the table
/// that is no address's. Safe for several threads.
/// </summary>
internal sealed class TrafficReader(RulesetStore ruleset, ShapingReader shaping)
{
    private readonly ShaperDrops _drops = new();
    private readonly Lock _lock = new();

    /// <summary>Reads it.</summary>
    /// <exception cref="Netlink.NetlinkException">The kernel refused.</exception>
    public NodeTraffic Read()
    {
        lock (_lock)
        {
            // First, so that no packet was dropped that is not counted yet.
            TakeDrops();
            var traffic = new List<AddressTraffic>();
            var dropped = new Dictionary<string, ulong>();
            foreach (var (name, count) in ruleset.Counters())
            {
                if (AddressCounters.Parse(name) is var (listenPort, outgoing))
                    traffic.Add(new AddressTraffic(listenPort, outgoing, count.Bytes, count.Packets, _drops.Of(listenPort, outgoing)));
                else
                    dropped.Add(name, count.Packets);
            }
            _drops.Keep(traffic.Select(counted => counted.ListenPort).ToHashSet());
            return new NodeTraffic(traffic, dropped);
        }
    }

    /// <summary>To be called before queues go: their drops go with them.</summary>
    /// <exception cref="Netlink.NetlinkException">The kernel refused.</exception>
    public void TakeDrops()
    {
        lock (_lock)
            _drops.Take(shaping.Drops());
    }
}
