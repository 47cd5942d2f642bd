using System.Diagnostics.Metrics;

namespace Vprox.Failover.Workers;

/// <summary>What moves cost and how long they take, in the meter Vprox.Failover.</summary>
public sealed class MoveMeter : IDisposable
{
    private readonly Meter meter = new("Vprox.Failover");
    private readonly Counter<long> calls;
    private readonly Counter<long> drifts;
    private readonly Counter<long> replacements;
    private readonly Histogram<double> moves;
    private int inFlight;

    /// <summary>Creates the instruments.</summary>
    public MoveMeter()
    {
        calls = meter.CreateCounter<long>("vprox.failover.ec2.calls", description: "Calls to EC2's API, by action and outcome");
        drifts = meter.CreateCounter<long>("vprox.failover.drift", description: "Addresses found where nobody placed them, by whether they were moved back");
        replacements = meter.CreateCounter<long>("vprox.failover.replacements", description: "Instances started in place of nodes that are gone");
        moves = meter.CreateHistogram<double>("vprox.failover.move.duration", "ms", "From the placement to its arrival, by witness");
        meter.CreateObservableGauge("vprox.failover.moves.open", () => Volatile.Read(ref inFlight), description: "Addresses that are not where they shall be, or not yet confirmed");
    }

    /// <summary>A call ended.</summary>
    public void Called(string action, string outcome) => calls.Add(1, new("action", action), new("outcome", outcome));

    /// <summary>An address arrived.</summary>
    public void Moved(TimeSpan duration, string witness) => moves.Record(duration.TotalMilliseconds, new KeyValuePair<string, object?>("witness", witness));

    /// <summary>An address was found where nobody placed it.</summary>
    public void Drifted(bool repaired) => drifts.Add(1, new KeyValuePair<string, object?>("repaired", repaired));

    /// <summary>An instance was started in place of a node.</summary>
    public void Replaced() => replacements.Add(1);

    /// <summary>So many addresses are under way.</summary>
    public void Open(int count) => Volatile.Write(ref inFlight, count);

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();
}
