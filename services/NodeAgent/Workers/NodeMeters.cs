using System.Diagnostics.Metrics;
using Vprox.NodeAgent.Core;

namespace Vprox.NodeAgent.Workers;

/// <summary>What the node counts, exported at /metrics.</summary>
public sealed class NodeMeters : IDisposable
{
    private readonly Meter _meter = new("Vprox.NodeAgent");
    private readonly Counter<long> _handshakes;
    private readonly Counter<long> _repairs;
    private readonly Histogram<double> _arrivals;

    /// <summary>Makes them.</summary>
    public NodeMeters(NodeState state)
    {
        _meter.CreateObservableGauge("vprox.node.addresses.served", () => state.Serving.Count, description: "Static addresses that the outside reaches here");
        _meter.CreateObservableGauge("vprox.node.addresses.prepared", () => state.Prepared.Count, description: "Static addresses that stand ready and have not arrived");
        _meter.CreateObservableGauge("vprox.node.peers", () => state.PeerCount, description: "Tunnels of all static addresses");
        _handshakes = _meter.CreateCounter<long>("vprox.node.handshakes.started", description: "Handshake initiations sent to peers of addresses that arrived");
        _repairs = _meter.CreateCounter<long>("vprox.node.kernel.repairs", description: "Steps that put right what somebody else had changed in the kernel");
        _arrivals = _meter.CreateHistogram<double>("vprox.node.arrival", "ms", "From an address's appearance in IMDS to its first handshake");
    }

    /// <summary>Initiations were sent.</summary>
    public void HandshakesStarted(int count) => _handshakes.Add(count);

    /// <summary>Somebody else's changes were undone, in so many steps.</summary>
    public void Repaired(int steps) => _repairs.Add(steps);

    /// <summary>An address that arrived has had its first handshake.</summary>
    public void Arrived(TimeSpan after) => _arrivals.Record(after.TotalMilliseconds);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
