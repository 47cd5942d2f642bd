using Vprox.Contracts;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Workers;

/// <summary>
/// Tells the scheduler and Failover what follows from the state and they have not been told. A report counts as told when the broker has
/// confirmed it and the state knows; until then every round offers it again, unless it is on its way. Used by the worker's loop alone.
/// </summary>
public sealed class WorkerReports(Announcer announcer, LossReports losses, ILogger<WorkerReports> logger)
{
    private readonly HashSet<string> _underway = [];

    /// <summary>Hands over what is to be said; returns the state without the refusals that were said.</summary>
    public WorkerState Announce(WorkerState state, WorkerInbox inbox)
    {
        foreach (var container in state.Containers.Values.Where(container => !container.Answered))
            Answer(state, container, inbox);
        foreach (var refused in state.Refusals)
            Refuse(refused);
        losses.Announce(state, inbox);
        return state.Refusals.IsEmpty ? state : state with { Refusals = [] };
    }

    /// <summary>When something is to be said again that was said already; null when nothing is.</summary>
    public DateTimeOffset? NextTime => losses.NextTime;

    /// <summary>Takes note that the state knows of a delivery.</summary>
    public void Arrived(WorkerEvent happened)
    {
        if (happened is WorkerEvent.AnswerDelivered answer)
            _underway.Remove(KeyOf(answer.ContainerId, answer.Phase));
        else if (happened is WorkerEvent.LossDelivered loss)
            losses.Arrived(loss);
    }

    /// <summary>Refuses an event that left no container behind; may be called from anywhere.</summary>
    public void Refuse(ContainerRefused refused)
    {
        logger.ContainerRefused(refused.ContainerId, refused.Code, refused.Reason);
        announcer.TryAnnounce(refused, () => { });
    }

    private void Answer(WorkerState state, Container container, WorkerInbox inbox)
    {
        void Delivered() => inbox.Post(new WorkerEvent.AnswerDelivered(container.Id, container.Phase));
        var key = KeyOf(container.Id, container.Phase);
        if (container is { Phase: ContainerPhase.Routed, RoutedAt: { } routedAt } && state.Tunnels.TryGetValue(container.ProxyId, out var tunnel) && tunnel.Grant is { } grant)
        {
            var took = (routedAt - container.ReceivedAt).TotalMilliseconds;
            var routed = new ContainerRouted
            {
                ContainerId = container.Id, WorkerId = state.Policy.WorkerId, ProxyId = container.ProxyId, Address = grant.Address.ToString(), TookMs = took,
            };
            Say(key, routed, () =>
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
            Say(key, refused, () =>
            {
                logger.ContainerRefused(container.Id, refusal.Code, refusal.Reason);
                Delivered();
            });
        }
    }

    private void Say<T>(string key, T message, Action delivered) where T : class
    {
        if (!_underway.Contains(key) && announcer.TryAnnounce(message, delivered))
            _underway.Add(key);
    }

    private static string KeyOf(string containerId, ContainerPhase phase) => $"{phase} {containerId}";
}
