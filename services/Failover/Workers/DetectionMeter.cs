using System.Diagnostics.Metrics;
using Vprox.Failover.Core.Liveness;

namespace Vprox.Failover.Workers;

/// <summary>What is thought of nodes, and how fast, in the meter Vprox.Failover.</summary>
public sealed class DetectionMeter
{
    private readonly Counter<long> verdicts;
    private readonly Counter<long> probes;
    private readonly Histogram<double> detection;

    /// <summary>Creates the instruments.</summary>
    public DetectionMeter(IMeterFactory meters, NodeWatch watch)
    {
        var meter = meters.Create("Vprox.Failover");
        verdicts = meter.CreateCounter<long>("vprox.failover.verdicts", description: "Verdicts published, by kind.");
        probes = meter.CreateCounter<long>("vprox.failover.probes", description: "Probes of nodes, by outcome.");
        detection = meter.CreateHistogram<double>("vprox.failover.detection", "s", "From a node's last sign of life, or its first of trouble, to NodeUnhealthy.");
        meter.CreateObservableGauge("vprox.failover.nodes", () => NodesBy(watch.State), description: "Nodes, by what is thought of them.");
        meter.CreateObservableGauge(
            "vprox.failover.nodes.held", () => watch.State.Held.Count, description: "Nodes that seem dead and are not declared so, because they are too many at once.");
    }

    /// <summary>A verdict was published.</summary>
    public void Count(Verdict verdict)
    {
        verdicts.Add(1, new KeyValuePair<string, object?>("verdict", verdict.GetType().Name));
        if (verdict is Verdict.Unhealthy unhealthy) detection.Record(unhealthy.After.TotalSeconds);
    }

    /// <summary>A probe ended; null when it says nothing about the node.</summary>
    public void Count(ProbeOutcome? outcome) =>
        probes.Add(1, new KeyValuePair<string, object?>("outcome", outcome?.ToString() ?? "Undecided"));

    private static IEnumerable<Measurement<int>> NodesBy(NodeLiveness state) => Enum.GetValues<Health>().Select(health => new Measurement<int>(
        state.Nodes.Values.Count(node => node.Health == health), new KeyValuePair<string, object?>("health", health.ToString())));
}
