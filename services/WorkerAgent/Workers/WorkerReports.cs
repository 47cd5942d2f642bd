using Vprox.Contracts;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Workers;

/// <summary>
/// Tells the scheduler and Failover what follows from the state and they have not been told. A report counts as told when the broker has
/// confirmed it; until then every round offers it again.
/// </summary>
public sealed class WorkerReports(Announcer announcer, TimeProvider time, ILogger<WorkerReports> logger)
{
    /// <summary>Hands over what is to be said; returns the state without the refusals that were said.</summary>
    public WorkerState Announce(WorkerState state, WorkerInbox inbox)
    {
        foreach (var container in state.Containers.Values.Where(container => !container.Answered))
            Answer(state, container, inbox);
        foreach (var refused in state.Refusals)
            Refuse(refused);
        AnnounceLosses(state, inbox);
        return state.Refusals.IsEmpty ? state : state with { Refusals = [] };
    }

    /// <summary>Refuses an event that left no container behind.</summary>
    public void Refuse(ContainerRefused refused)
    {
        logger.ContainerRefused(refused.ContainerId, refused.Code, refused.Reason);
        announcer.Announce($"refused {refused.ContainerId} {refused.Code}", refused, () => { });
    }

    private void Answer(WorkerState state, Container container, WorkerInbox inbox)
    {
        void Delivered() => inbox.Post(new WorkerEvent.AnswerDelivered(container.Id, container.Phase));
        var key = $"{container.Phase} {container.Id}";
        if (container is { Phase: ContainerPhase.Routed, RoutedAt: { } routedAt } && state.Tunnels.TryGetValue(container.ProxyId, out var tunnel) && tunnel.Grant is { } grant)
        {
            var took = (routedAt - container.ReceivedAt).TotalMilliseconds;
            var routed = new ContainerRouted
            {
                ContainerId = container.Id, WorkerId = state.Policy.WorkerId, ProxyId = container.ProxyId, Address = grant.Address.ToString(), TookMs = took,
            };
            announcer.Announce(key, routed, () =>
            {
                logger.ContainerRouted(container.Id, container.Ip, grant.Address, took);
                Delivered();
            });
        }
        else if (container is { Phase: ContainerPhase.Refused, Refusal: { } refusal })
        {
            var refused = new ContainerRefused
            {
                ContainerId = container.Id, WorkerId = state.Policy.WorkerId, ProxyId = container.ProxyId, Code = refusal.Code, Reason = refusal.Reason,
            };
            announcer.Announce(key, refused, () =>
            {
                logger.ContainerRefused(container.Id, refusal.Code, refusal.Reason);
                Delivered();
            });
        }
    }

    private void AnnounceLosses(WorkerState state, WorkerInbox inbox)
    {
        var untold = state.Tunnels.Values.Where(tunnel => tunnel.Lost != tunnel.LossReported && tunnel.Grant is not null).ToLookup(tunnel => tunnel.Lost);
        if (untold[true].Any())
        {
            var lost = new TunnelLost { WorkerId = state.Policy.WorkerId, Addresses = AddressesOf(untold[true]), At = time.GetUtcNow() };
            announcer.Announce("lost", lost, () => inbox.Post(new WorkerEvent.LossDelivered(ProxiesOf(untold[true]), Lost: true)));
        }
        if (untold[false].Any())
        {
            var restored = new TunnelRestored { WorkerId = state.Policy.WorkerId, Addresses = AddressesOf(untold[false]), At = time.GetUtcNow() };
            announcer.Announce("restored", restored, () => inbox.Post(new WorkerEvent.LossDelivered(ProxiesOf(untold[false]), Lost: false)));
        }
    }

    private static IReadOnlyList<string> AddressesOf(IEnumerable<Tunnel> tunnels) => [.. tunnels.Select(tunnel => tunnel.Grant!.Address.ToString()).Distinct()];

    private static IReadOnlyList<string> ProxiesOf(IEnumerable<Tunnel> tunnels) => [.. tunnels.Select(tunnel => tunnel.ProxyId)];
}
