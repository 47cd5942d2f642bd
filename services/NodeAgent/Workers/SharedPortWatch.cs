using Vprox.Addressing;
using Vprox.Contracts;
using Vprox.Netlink;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.Ports;

namespace Vprox.NodeAgent.Workers;

/// <summary>
/// Watches the ports that tunnels without blocks share, and that are chosen here: once a second it reads how many connections found none, and the
/// connection tracking table only when there were some. Ports of blocks are the workers' to watch.
/// </summary>
public sealed class SharedPortWatch(
    NodeState state, IFlowTable flows, EventQueue events, NodeMeters meters, TimeProvider time, ILogger<SharedPortWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private SharedPortShortages _shortages = SharedPortShortages.None;
    private long? _dropped;
    private string? _failure;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                Look(time.GetUtcNow());
                _failure = null;
            }
            catch (NetlinkException unreadable)
            {
                if (_failure != unreadable.Message)
                    logger.SharedPortsNotWatched(unreadable.Message);
                _failure = unreadable.Message;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    private void Look(DateTimeOffset now)
    {
        var dropped = flows.Dropped();
        if (dropped - _dropped is > 0 and { } more)
        {
            meters.PortlessDropped(more);
            _shortages = _shortages with { DroppedSinceLook = _shortages.DroppedSinceLook + more };
        }
        _dropped = dropped;
        if (_shortages.IsLookDue(now))
        {
            var census = new SharedPortCensus(state.TunnelsByAddress);
            flows.Visit(census.Count);
            (_shortages, var tooFew) = _shortages.After(census.Loads(), now);
            foreach (var shortage in tooFew)
                Say(shortage, now);
        }
        (_shortages, var over) = _shortages.Ended(now);
        foreach (var shortage in over)
            logger.SharedPortsFreeAgain(shortage.Load.Placement.Message.Address);
        meters.PortsShort(_shortages.ByAddress.Values);
    }

    private void Say(SharedPortShortage shortage, DateTimeOffset now)
    {
        var load = shortage.Load;
        var placement = load.Placement.Message;
        var (key, inner) = (load.PublicKey?.ToString() ?? "", load.InnerAddress.ToString());
        logger.SharedPortsExhausted(placement.Address, load.Used, AddressLayout.SharedPorts.Count, load.Destination, shortage.Dropped, key, inner, load.UsedByOne);
        meters.PortsExhausted();
        events.Add(new PortsExhausted
        {
            WorkerId = "",
            NodeId = state.NodeId,
            ProxyId = placement.ProxyId,
            Address = placement.Address,
            PublicKey = key,
            InnerAddress = inner,
            Destination = load.Destination,
            UsedPorts = load.Used,
            Ports = AddressLayout.SharedPorts.Count,
            DroppedPackets = shortage.Dropped,
            Reason = $"tunnels without a port block share these ports, and this one holds {load.UsedByOne} of them",
            At = now,
        });
    }
}
