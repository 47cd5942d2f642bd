using System.Diagnostics.Metrics;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Workers;

/// <summary>What the worker counts, exported at /metrics.</summary>
public sealed class WorkerMeters : IDisposable
{
    private readonly Meter _meter = new("Vprox.WorkerAgent");
    private readonly Counter<long> _losses;
    private readonly Counter<long> _reconnects;
    private readonly Counter<long> _renewals;

    /// <summary>Makes them.</summary>
    public WorkerMeters(WorkerInbox inbox)
    {
        int Count(Func<Tunnel, bool> which) => inbox.State?.Tunnels.Values.Count(which) ?? 0;
        _meter.CreateObservableGauge("vprox.worker.tunnels", () => Count(tunnel => tunnel.Phase == TunnelPhase.Proven), description: "Tunnels that have carried traffic");
        _meter.CreateObservableGauge("vprox.worker.tunnels.lost", () => Count(tunnel => tunnel.Lost), description: "Tunnels that carry nothing now");
        _meter.CreateObservableGauge("vprox.worker.containers", () => inbox.State?.Containers.Count ?? 0, description: "Containers of this worker");
        _losses = _meter.CreateCounter<long>("vprox.worker.tunnel.losses", description: "Tunnels that fell silent");
        _reconnects = _meter.CreateCounter<long>("vprox.worker.tunnel.reconnects", description: "Lost tunnels that carried traffic again");
        _renewals = _meter.CreateCounter<long>("vprox.worker.handshakes.renewed", description: "Sessions that the worker began anew");
    }

    /// <summary>A tunnel fell silent.</summary>
    public void Lost() => _losses.Add(1);

    /// <summary>A lost tunnel carries traffic again.</summary>
    public void Restored() => _reconnects.Add(1);

    /// <summary>A session was begun anew.</summary>
    public void Renewed() => _renewals.Add(1);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
