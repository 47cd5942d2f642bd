using System.Collections.Concurrent;
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
    private readonly Counter<long> _exhaustions;
    private readonly Counter<long> _portless;
    private readonly ConcurrentDictionary<string, (int Used, bool Short)> _ports = new();

    /// <summary>Makes them.</summary>
    public WorkerMeters(WorkerInbox inbox)
    {
        int Count(Func<Tunnel, bool> which) => inbox.State?.Tunnels.Values.Count(which) ?? 0;
        _meter.CreateObservableGauge("vprox.worker.tunnels", () => Count(tunnel => tunnel.Phase == TunnelPhase.Proven), description: "Tunnels that have carried traffic");
        _meter.CreateObservableGauge("vprox.worker.tunnels.lost", () => Count(tunnel => tunnel.Lost), description: "Tunnels that carry nothing now");
        _meter.CreateObservableGauge("vprox.worker.containers", () => inbox.State?.Containers.Count ?? 0, description: "Containers of this worker");
        IEnumerable<Measurement<int>> Ports(Func<(int Used, bool Short), int> value) =>
            _ports.Select(each => new Measurement<int>(value(each.Value), new KeyValuePair<string, object?>("proxy", each.Key)));
        _meter.CreateObservableGauge("vprox.worker.ports.blocks", () => (inbox.State?.Tunnels.Values ?? []).Where(tunnel => tunnel.Connection is not null)
            .Select(tunnel => new Measurement<int>(tunnel.Connection!.Blocks.Count, new KeyValuePair<string, object?>("proxy", tunnel.ProxyId))),
            description: "Port blocks of a tunnel");
        _meter.CreateObservableGauge("vprox.worker.ports.used", () => Ports(each => each.Used), description: "Ports that connections to a tunnel's busiest destination held at the last look");
        _meter.CreateObservableGauge("vprox.worker.ports.exhausted", () => Ports(each => each.Short ? 1 : 0), description: "1 while a tunnel has too few ports");
        _exhaustions = _meter.CreateCounter<long>("vprox.worker.ports.exhaustions", description: "Times it was said that a tunnel had too few ports");
        _portless = _meter.CreateCounter<long>("vprox.worker.ports.dropped", "{packet}", "First packets of connections that were dropped on this host because no port was free");
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

    /// <summary>A tunnel was looked at.</summary>
    public void PortsUsed(string proxyId, int used, bool isShort) => _ports[proxyId] = (used, isShort);

    /// <summary>A tunnel is looked at no more.</summary>
    public void NoPorts(string proxyId) => _ports.TryRemove(proxyId, out _);

    /// <summary>It was said that a tunnel has too few ports.</summary>
    public void PortsExhausted() => _exhaustions.Add(1);

    /// <summary>Packets were dropped for want of a port.</summary>
    public void PortlessDropped(long packets) => _portless.Add(packets);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
