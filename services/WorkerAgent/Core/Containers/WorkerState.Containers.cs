using Vprox.Contracts;

namespace Vprox.WorkerAgent.Core;

public sealed partial record WorkerState
{
    private WorkerState Start(WorkerEvent.Started started, DateTimeOffset now)
    {
        var asked = started.Container;
        if (Tombstones.ContainsKey(asked.Id))
            return this;
        if (Containers.TryGetValue(asked.Id, out var known))
            return Repeat(known, asked, started, now);
        var owner = Containers.Values.FirstOrDefault(other => other.Ip.Equals(asked.Ip) && other.Phase != ContainerPhase.Refused);
        if (owner is not null && asked.Phase != ContainerPhase.Refused)
            asked = asked.Refuse(new(ContainerRefusedCode.AddressInUse, $"Container {owner.Id} has the address {asked.Ip}; stop it first."));
        return Change(asked with { ReceivedAt = now }).WithTunnelFor(asked, started);
    }

    private WorkerState Repeat(Container known, Container asked, WorkerEvent.Started started, DateTimeOffset now)
    {
        if (!known.Ip.Equals(asked.Ip) || known.ProxyId != asked.ProxyId || known.WorkspaceId != asked.WorkspaceId)
        {
            var refusal = new Refusal(ContainerRefusedCode.InvalidRequest, $"Container {asked.Id} is already known with another address, proxy or workspace; a new start needs a new id.");
            return this with { Refusals = Refusals.Add(RefusedMessage(asked, refusal)) };
        }
        if (known.Phase != ContainerPhase.Refused)
            return Change(known with { Answered = false });
        // Refused before: whoever starts it again wants it tried again. It stays closed meanwhile.
        var without = this with { Containers = Containers.Remove(known.Id) };
        return without.Start(started with { Container = asked }, now);
    }

    private WorkerState WithTunnelFor(Container container, WorkerEvent.Started started) =>
        container.Phase == ContainerPhase.Refused || Tunnels.ContainsKey(container.ProxyId)
            ? this
            : this with { Tunnels = Tunnels.Add(container.ProxyId, new Tunnel { ProxyId = container.ProxyId, PrivateKey = started.TunnelKey }) };

    private WorkerState Stop(string containerId, DateTimeOffset now) =>
        this with { Containers = Containers.Remove(containerId), Tombstones = Tombstones.SetItem(containerId, now) };

    private WorkerState Apply(DesiredWorker kernel, DateTimeOffset now)
    {
        var held = kernel.Containers.ToDictionary(container => container.Ip);
        var state = this;
        foreach (var container in Containers.Values.Where(container => container.IsWaiting && held.ContainsKey(container.Ip)))
        {
            var routed = held[container.Ip].Tunnel is { } slot && state.PathOf(container) == slot;
            state = state.Change(routed
                ? container with { Phase = ContainerPhase.Routed, RoutedAt = now, Answered = false }
                : container with { Phase = ContainerPhase.Held });
        }
        return state;
    }

    private WorkerState Deliver(WorkerEvent.AnswerDelivered delivered) =>
        Containers.TryGetValue(delivered.ContainerId, out var container) && container.Phase == delivered.Phase
            ? Change(container with { Answered = true })
            : this;

    private WorkerState Refuse(Func<Container, bool> which, Refusal refusal)
    {
        var state = this;
        foreach (var container in Containers.Values.Where(container => container.IsWaiting && which(container)))
            state = state.Change(container.Refuse(refusal));
        return state;
    }

    private ContainerRefused RefusedMessage(Container container, Refusal refusal) => new()
    {
        ContainerId = container.Id,
        WorkerId = Policy.WorkerId,
        ProxyId = container.ProxyId,
        Code = refusal.Code,
        Reason = refusal.Reason,
    };
}
