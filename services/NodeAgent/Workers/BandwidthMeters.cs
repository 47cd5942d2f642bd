using System.Diagnostics.Metrics;
using Vprox.Netlink;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Counting;

namespace Vprox.NodeAgent.Workers;

/// <summary>
/// What each address sends and receives and what the firewall dropped, read from the kernel whenever /metrics is asked, and where bandwidth is not what it
/// should be.
/// </summary>
public sealed class BandwidthMeters : IDisposable
{
    // One scrape asks for four counters; they shall be of one moment.
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(500);

    private readonly Meter _meter = new("Vprox.NodeAgent");
    private readonly Lock _lock = new();
    private readonly NodeState _state;
    private readonly INodeDataPlane _dataPlane;
    private readonly TimeProvider _time;
    private readonly ILogger<BandwidthMeters> _logger;
    private NodeTraffic _traffic = NodeTraffic.Nothing;
    private long? _readAt;
    private string _told = "";

    /// <summary>Makes them.</summary>
    public BandwidthMeters(NodeState state, INodeDataPlane dataPlane, TimeProvider time, ILogger<BandwidthMeters> logger)
    {
        (_state, _dataPlane, _time, _logger) = (state, dataPlane, time, logger);
        _meter.CreateObservableCounter<long>("vprox.node.address.bytes", () => Measure(traffic => traffic.Bytes), "By", "IP bytes, header included, that were forwarded for an address: from its containers (egress) and to them (ingress)");
        _meter.CreateObservableCounter<long>("vprox.node.address.packets", () => Measure(traffic => traffic.Packets), description: "IP packets that were forwarded for an address; merged TCP segments are one");
        _meter.CreateObservableCounter<long>("vprox.node.address.drops", () => Measure(traffic => traffic.Drops), description: "Packets that were dropped because an address was at its limit; of egress they are among its packets");
        _meter.CreateObservableCounter("vprox.node.firewall.drops", MeasureDrops, description: "Packets that the node's firewall dropped, by reason: the table's counters");
        _meter.CreateObservableGauge("vprox.node.bandwidth.flaws", () => _dataPlane.ShapingFlaws.Count, description: "Reasons why bandwidth is not what was asked for");
    }

    /// <summary>Says, once each time it changes, where bandwidth is not what was asked for.</summary>
    public void Tell(IReadOnlyList<string> flaws)
    {
        var told = string.Join("; ", flaws);
        if (told == _told)
            return;
        _told = told;
        if (flaws.Count > 0)
            _logger.BandwidthFlawed(told);
        else
            _logger.BandwidthMended();
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private List<Measurement<long>> Measure(Func<AddressTraffic, ulong> value)
    {
        var addresses = _state.AddressesByPort;
        return
        [
            .. Read().Addresses
                .Where(traffic => addresses.ContainsKey(traffic.ListenPort))
                .Select(traffic => new Measurement<long>(
                    (long)value(traffic),
                    new("address", addresses[traffic.ListenPort].ToString()),
                    new("direction", traffic.Outgoing ? "egress" : "ingress"))),
        ];
    }

    private List<Measurement<long>> MeasureDrops() =>
        [.. Read().FirewallDrops.Select(drop => new Measurement<long>((long)drop.Value, new KeyValuePair<string, object?>("reason", drop.Key)))];

    private NodeTraffic Read()
    {
        lock (_lock)
        {
            if (_readAt is { } at && _time.GetElapsedTime(at) < Fresh)
                return _traffic;
            try
            {
                (_traffic, _readAt) = (_dataPlane.CountTraffic(), _time.GetTimestamp());
            }
            catch (NetlinkException e)
            {
                _logger.TrafficNotCounted(e.Message);
            }
            return _traffic;
        }
    }
}
