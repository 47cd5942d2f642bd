using Vprox.Contracts;
using Vprox.Netlink;
using Vprox.WorkerAgent.Adapters.Kernel;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Workers;

/// <summary>
/// Watches how tunnels use their ports: ten times a second it reads counters, and the connection tracking table only when those say that blocks
/// may be needed soon or may be given back. What follows goes to the worker's loop as an event.
/// </summary>
public sealed class PortWatch(
    WorkerInbox inbox, IFlowTable flows, Announcer announcer, WorkerMeters meters, WorkerAgentOptions options, TimeProvider time, ILogger<PortWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly PortPolicy _policy = new() { IdleAfter = options.PortIdleAfter };
    private readonly Dictionary<string, Watched> _tunnels = [];
    private long _dropped = -1;
    private string? _failure;

    private sealed record Watched(PortGauge Gauge, PortMemory Memory, PortShortage Shortage, long DroppedAtLook)
    {
        public static Watched New { get; } = new(new PortGauge(), PortMemory.Empty, PortShortage.None, 0);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                Look();
                _failure = null;
            }
            catch (NetlinkException unreadable)
            {
                if (_failure != unreadable.Message)
                    logger.PortsNotWatched(unreadable.Message);
                _failure = unreadable.Message;
            }
        }
    }

    // A lost tunnel opens nothing, and asks for nothing.
    private void Look()
    {
        var tunnels = inbox.State?.Tunnels.Values
            .Where(tunnel => tunnel is { Slot: not null, IsUsable: true, IdleSince: null, Connection.Blocks.Count: > 0 }).ToList() ?? [];
        foreach (var gone in _tunnels.Keys.Except(tunnels.Select(tunnel => tunnel.ProxyId)).ToList())
            Forget(gone);
        if (tunnels.Count == 0)
            return;
        var now = time.GetUtcNow();
        var opened = flows.Opened();
        CountDropped();
        var due = new List<Tunnel>();
        foreach (var tunnel in tunnels)
        {
            var watched = _tunnels.GetValueOrDefault(tunnel.ProxyId, Watched.New with { DroppedAtLook = _dropped });
            var gauge = watched.Gauge.Read(opened.GetValueOrDefault(WorkerRuleset.OpenedCounter(tunnel.Slot!.Value)), now);
            _tunnels[tunnel.ProxyId] = watched with { Gauge = gauge };
            var ports = Blocks(tunnel).Sum(block => block.Ports.Count);
            if (gauge.IsLookDue(tunnel.Ports, ports, tunnel.Connection!.Blocks.Count, watched.Shortage.IsShort, _policy, now))
                due.Add(tunnel);
        }
        if (due.Count > 0)
            LookAt(due, now);
    }

    private void LookAt(List<Tunnel> due, DateTimeOffset now)
    {
        var census = new PortCensus(due.Select(tunnel => (tunnel.ProxyId, tunnel.Connection!.InnerAddresses.AsEnumerable())));
        flows.Visit(census.Count);
        foreach (var tunnel in due)
        {
            var load = census.Of(tunnel.ProxyId);
            var watched = _tunnels[tunnel.ProxyId];
            var (ports, memory) = PortPlanner.Plan(tunnel.Ports, tunnel.Connection!.Blocks, load, watched.Gauge.Rate, watched.Memory, _policy, now);
            if (ports != tunnel.Ports)
                inbox.Post(new WorkerEvent.PortsPlanned(tunnel.ProxyId, ports));
            var (shortage, news) = watched.Shortage.After(load, Blocks(tunnel), _dropped - watched.DroppedAtLook, now);
            Say(tunnel, load, shortage, news, now);
            _tunnels[tunnel.ProxyId] = new Watched(watched.Gauge.Looked(load, now), memory, shortage, _dropped);
            meters.PortsUsed(tunnel.ProxyId, load.Used, shortage.IsShort);
        }
    }

    private void CountDropped()
    {
        var dropped = flows.Dropped();
        if (_dropped >= 0 && dropped > _dropped)
            meters.PortlessDropped(dropped - _dropped);
        _dropped = dropped;
    }

    private void Say(Tunnel tunnel, PortLoad load, PortShortage shortage, PortNews news, DateTimeOffset now)
    {
        if (news == PortNews.Over)
            logger.PortsFreeAgain(tunnel.ProxyId, tunnel.Grant!.Address);
        if (news != PortNews.TooFew)
            return;
        var ports = Blocks(tunnel).Sum(block => block.Ports.Count);
        var reason = tunnel.PortsRefusal ?? (tunnel.Ports.Wanted > 0 ? "further blocks have not come yet" : "connections came faster than blocks");
        logger.PortsExhausted(tunnel.ProxyId, tunnel.Grant!.Address, load.Used, ports, load.Destination, shortage.Dropped, reason);
        meters.PortsExhausted();
        announcer.TryAnnounce(
            new PortsExhausted
            {
                WorkerId = options.WorkerId,
                ProxyId = tunnel.ProxyId,
                Address = tunnel.Grant.Address.ToString(),
                PublicKey = tunnel.PrivateKey.PublicKey().ToString(),
                Destination = load.Destination,
                UsedPorts = load.Used,
                Ports = ports,
                DroppedPackets = shortage.Dropped,
                Reason = reason,
                At = now,
            },
            () => { });
    }

    private void Forget(string proxyId)
    {
        _tunnels.Remove(proxyId);
        meters.NoPorts(proxyId);
    }

    // Those that rest are full for a while and its own all the same.
    private static List<InnerBlock> Blocks(Tunnel tunnel) =>
        [.. tunnel.Connection!.Blocks.Where(block => !tunnel.Ports.Retired.Contains(block.Address) && !tunnel.Ports.Returning.Contains(block.Address))];
}
