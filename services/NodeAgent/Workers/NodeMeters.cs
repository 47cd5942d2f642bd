using System.Diagnostics.Metrics;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.Ports;

namespace Vprox.NodeAgent.Workers;

/// <summary>What the node counts, exported at /metrics.</summary>
public sealed class NodeMeters : IDisposable
{
    private readonly Meter _meter = new("Vprox.NodeAgent");
    private readonly Counter<long> _handshakes;
    private readonly Counter<long> _repairs;
    private readonly Counter<long> _exhaustions;
    private readonly Counter<long> _portless;
    private readonly Histogram<double> _arrivals;
    private volatile IReadOnlyList<SharedPortLoad> _short = [];

    /// <summary>Makes them.</summary>
    public NodeMeters(NodeState state)
    {
        _meter.CreateObservableGauge("vprox.node.addresses.served", () => state.Serving.Count, description: "Static addresses that the outside reaches here");
        _meter.CreateObservableGauge("vprox.node.addresses.prepared", () => state.Prepared.Count, description: "Static addresses that stand ready and have not arrived");
        _meter.CreateObservableGauge("vprox.node.peers", () => state.PeerCount, description: "Tunnels of all static addresses");
        _handshakes = _meter.CreateCounter<long>("vprox.node.handshakes.started", description: "Handshake initiations sent to peers of addresses that arrived");
        _repairs = _meter.CreateCounter<long>("vprox.node.kernel.repairs", description: "Steps that put right what somebody else had changed in the kernel");
        _exhaustions = _meter.CreateCounter<long>("vprox.node.ports.exhaustions", description: "Times it was said that an address had too few shared ports");
        _portless = _meter.CreateCounter<long>("vprox.node.ports.dropped", "{packet}", "First packets of connections that were dropped on this node because no port was free");
        _meter.CreateObservableGauge("vprox.node.ports.exhausted", () => _short.Select(load => new Measurement<int>(
            1, new("address", load.Placement.Message.Address), new("peer", load.PublicKey?.ToString() ?? ""), new("inner", load.InnerAddress.ToString()))),
            description: "1 while the tunnels that share an address's ports have too few; the peer is the one that holds most of them");
        _arrivals = _meter.CreateHistogram<double>("vprox.node.arrival", "ms", "From an address's appearance in IMDS to its first handshake");
    }

    /// <summary>Initiations were sent.</summary>
    public void HandshakesStarted(int count) => _handshakes.Add(count);

    /// <summary>Somebody else's changes were undone, in so many steps.</summary>
    public void Repaired(int steps) => _repairs.Add(steps);

    /// <summary>An address that arrived has had its first handshake.</summary>
    public void Arrived(TimeSpan after) => _arrivals.Record(after.TotalMilliseconds);

    /// <summary>Packets were dropped for want of a port.</summary>
    public void PortlessDropped(long packets) => _portless.Add(packets);

    /// <summary>It was said that the tunnels that share an address's ports have too few.</summary>
    public void PortsExhausted() => _exhaustions.Add(1);

    /// <summary>The addresses that have too few now.</summary>
    public void PortsShort(IEnumerable<SharedPortShortage> shortages) => _short = [.. shortages.Select(shortage => shortage.Load)];

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
