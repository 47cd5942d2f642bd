using System.Collections.Immutable;
using Vprox.Contracts;

namespace Vprox.WorkerAgent.Core;

/// <summary>
/// All that the worker knows: which containers, which tunnels. It is a value; <see cref="Next"/> is the only way on. What has to be done
/// follows from it (<see cref="Desired"/> for the kernel, <see cref="WorkerDuties"/> for everybody else), so a restarted agent carries on
/// from the journal alone.
/// </summary>
public sealed partial record WorkerState
{
    /// <summary>The times and bounds it goes by.</summary>
    public required WorkerPolicy Policy { get; init; }

    /// <summary>Containers by id.</summary>
    public ImmutableSortedDictionary<string, Container> Containers { get; init; } = ImmutableSortedDictionary.Create<string, Container>(StringComparer.Ordinal);

    /// <summary>Tunnels by proxy id.</summary>
    public ImmutableSortedDictionary<string, Tunnel> Tunnels { get; init; } = ImmutableSortedDictionary.Create<string, Tunnel>(StringComparer.Ordinal);

    /// <summary>Containers that were stopped, and when: a start of theirs that comes late is not carried out.</summary>
    public ImmutableSortedDictionary<string, DateTimeOffset> Tombstones { get; init; } = ImmutableSortedDictionary.Create<string, DateTimeOffset>(StringComparer.Ordinal);

    /// <summary>The slot that the next tunnel gets, whose interface may be there already; null when none is kept. In no journal: any free one will do.</summary>
    public int? Spare { get; init; }

    /// <summary>Refusals of events that left no container behind; the caller sends and clears them.</summary>
    public ImmutableList<ContainerRefused> Refusals { get; init; } = [];

    /// <summary>The state after an event.</summary>
    public WorkerState Next(WorkerEvent happened, DateTimeOffset now) => (happened switch
    {
        WorkerEvent.Started started => Start(started, now),
        WorkerEvent.Stopped stopped => Stop(stopped.ContainerId, now),
        WorkerEvent.Applied applied => Apply(applied.Kernel, now),
        WorkerEvent.Granted granted => Change(granted.ProxyId, tunnel => Grant(tunnel, granted.Grant, now)),
        WorkerEvent.GrantRefused refused => RefuseGrant(refused),
        WorkerEvent.Connected connected => Change(connected.ProxyId, tunnel => Connect(tunnel, connected.Connection, now)),
        WorkerEvent.ConnectRefused refused => RefuseConnection(refused),
        WorkerEvent.GrantRejected rejected => Change(rejected.ProxyId, tunnel => RejectGrant(tunnel, rejected, now)),
        WorkerEvent.AttemptFailed failed => Change(failed.ProxyId, tunnel => Fail(tunnel, failed, now)),
        WorkerEvent.Answered answered => Change(answered.ProxyId, tunnel => Prove(tunnel, now)),
        WorkerEvent.FellSilent silent => Change(silent.ProxyId, tunnel => tunnel.IsUsable ? tunnel with { Lost = true, Attempt = 0, NextAttempt = now } : tunnel),
        WorkerEvent.PortsPlanned planned => Change(planned.ProxyId, tunnel => Plan(tunnel, planned.Ports)),
        WorkerEvent.PortsRefused refused => Change(refused.ProxyId, tunnel => tunnel with { NextPorts = now + refused.Delay, PortsRefusal = refused.Reason }),
        WorkerEvent.Disconnected ended => End(ended.ProxyId, now),
        WorkerEvent.AnswerDelivered delivered => Deliver(delivered),
        WorkerEvent.LossDelivered delivered => delivered.ProxyIds.Aggregate(this, (state, id) => state.Change(id, tunnel => tunnel with { LossReported = delivered.Lost })),
        WorkerEvent.Tick => this,
        _ => throw new InvalidOperationException($"no transition for {happened.GetType().Name}"),
    }).Settle(now);

    /// <summary>What the kernel shall hold.</summary>
    public DesiredWorker Desired() => new()
    {
        Guard = Policy.Guard,
        // Two containers may claim one address, the second refused: the address is closed until both are gone.
        Containers = [.. Containers.Values.GroupBy(container => container.Ip)
            .Select(claims => claims.OrderBy(claim => claim.Phase == ContainerPhase.Refused).First())
            .Select(container => new DesiredContainer { Ip = container.Ip, Link = container.Link, Tunnel = PathOf(container) })],
        Tunnels = [.. Tunnels.Values.Select(DesiredTunnelOf).OfType<DesiredTunnel>()],
        Prepared = [.. Tunnels.Values.Where(tunnel => DesiredTunnelOf(tunnel) is null).Select(tunnel => tunnel.Slot).Append(Spare).OfType<int>()],
    };

    /// <summary>Gives a slot to every tunnel that has none, the spare one first, and chooses another to be spare.</summary>
    /// <param name="foreign">Slots that somebody else uses.</param>
    public WorkerState WithSlots(IReadOnlySet<int> foreign)
    {
        var state = this;
        foreach (var tunnel in Tunnels.Values.Where(tunnel => tunnel.Slot is null))
        {
            var slot = state.FreeSlot(foreign);
            state = state.Change(tunnel.ProxyId, each => each with { Slot = slot });
        }
        return state with { Spare = Policy.Spare ? state.FreeSlot(foreign) : null };
    }

    /// <summary>The kernel's view of a tunnel, which nobody has a path through before it is proven; null before it is known what a node agrees to.</summary>
    public static DesiredTunnel? DesiredTunnelOf(Tunnel tunnel) => tunnel is { Slot: { } slot, Grant: { } grant } && (tunnel.Connection ?? grant.Expected) is { } connection
        ? new DesiredTunnel
        {
            Slot = slot,
            PrivateKey = tunnel.PrivateKey,
            ServerPublicKey = grant.ServerPublicKey,
            Endpoint = connection.Endpoint,
            InnerAddresses = tunnel.Ports.Held(connection),
            Blocks = tunnel.Ports.Open(connection),
            Gateway = connection.Gateway,
            Mtu = connection.Mtu,
        }
        : null;

    private int? FreeSlot(IReadOnlySet<int> foreign)
    {
        var used = Tunnels.Values.Select(tunnel => tunnel.Slot).OfType<int>().ToHashSet();
        return Spare is { } spare && !used.Contains(spare) && !foreign.Contains(spare) ? spare : TunnelNames.FirstFree(used, foreign);
    }

    private int? PathOf(Container container)
    {
        if (container.Phase == ContainerPhase.Refused || !Tunnels.TryGetValue(container.ProxyId, out var tunnel))
            return null;
        // A lost tunnel keeps its containers: fail closed, and their connections live on when it comes back.
        var open = container.Phase == ContainerPhase.Routed ? tunnel.Phase == TunnelPhase.Proven : tunnel.IsUsable;
        return open && DesiredTunnelOf(tunnel) is { } path ? path.Slot : null;
    }

    private WorkerState Change(string proxyId, Func<Tunnel, Tunnel> change) =>
        Tunnels.TryGetValue(proxyId, out var tunnel) ? this with { Tunnels = Tunnels.SetItem(proxyId, change(tunnel)) } : this;

    private WorkerState Change(Container container) => this with { Containers = Containers.SetItem(container.Id, container) };
}
