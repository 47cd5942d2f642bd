namespace Vprox.WorkerAgent.Core;

/// <summary>Something to do for a tunnel outside the kernel. A tunnel has at most one at a time.</summary>
public abstract record Duty(Tunnel Tunnel)
{
    /// <summary>Ask the Allocator for a grant.</summary>
    public sealed record AskForGrant(Tunnel Tunnel, string? WorkspaceId) : Duty(Tunnel);

    /// <summary>POST /connect to the static address.</summary>
    public sealed record ConnectToNode(Tunnel Tunnel) : Duty(Tunnel);

    /// <summary>Make a handshake happen and hear the server's inner address.</summary>
    public sealed record ProveHandshake(Tunnel Tunnel) : Duty(Tunnel);

    /// <summary>Bring a lost tunnel back.</summary>
    public sealed record Reconnect(Tunnel Tunnel) : Duty(Tunnel);

    /// <summary>Ask for the next grant and show it to the node.</summary>
    public sealed record RenewGrant(Tunnel Tunnel) : Duty(Tunnel);

    /// <summary>Ask for a grant with more blocks or fewer and show it to the node.</summary>
    public sealed record ChangePorts(Tunnel Tunnel) : Duty(Tunnel);

    /// <summary>POST /disconnect: nobody uses it any more.</summary>
    public sealed record Disconnect(Tunnel Tunnel) : Duty(Tunnel);
}

/// <summary>Reads from the state what is due.</summary>
public static class WorkerDuties
{
    /// <summary>What is due now, at most one duty per tunnel.</summary>
    public static IReadOnlyList<Duty> Due(WorkerState state, DateTimeOffset now) =>
        [.. state.Tunnels.Values.Select(tunnel => Of(tunnel, state, now)).OfType<Duty>()];

    /// <summary>When something becomes due next.</summary>
    /// <param name="state">The state.</param>
    /// <param name="after">What was due by then has been begun and is not meant.</param>
    /// <returns>Null when nothing will become due without an event.</returns>
    public static DateTimeOffset? NextTime(WorkerState state, DateTimeOffset after) =>
        state.Containers.Values.Where(container => container.IsWaiting).Select(container => container.ReceivedAt + state.Policy.RouteTimeout)
            .Concat(state.Tunnels.Values.Select(tunnel => TimeOf(tunnel, state.Policy)))
            .Where(time => time > after)
            .Select(time => (DateTimeOffset?)time)
            .Min();

    private static Duty? Of(Tunnel tunnel, WorkerState state, DateTimeOffset now)
    {
        if (tunnel.IdleSince is { } since)
            return since + state.Policy.Linger <= now ? new Duty.Disconnect(tunnel) : null;
        if (tunnel.NextAttempt > now || tunnel.Slot is null)
            return null;
        if (tunnel.Phase == TunnelPhase.Proven)
        {
            return tunnel.RenewAt <= now ? new Duty.RenewGrant(tunnel)
                : tunnel.Lost ? new Duty.Reconnect(tunnel)
                : tunnel.WantsOtherPorts && tunnel.NextPorts <= now ? new Duty.ChangePorts(tunnel)
                : null;
        }
        // Nobody asks for a path before the kill switch is in the kernel.
        var first = state.Containers.Values.FirstOrDefault(container => container.ProxyId == tunnel.ProxyId && container.Phase == ContainerPhase.Held);
        return (first, tunnel.Phase) switch
        {
            (null, _) => null,
            (_, TunnelPhase.Wanted) => new Duty.AskForGrant(tunnel, first.WorkspaceId),
            (_, TunnelPhase.Granted) => new Duty.ConnectToNode(tunnel),
            _ => new Duty.ProveHandshake(tunnel),
        };
    }

    private static DateTimeOffset TimeOf(Tunnel tunnel, WorkerPolicy policy) =>
        tunnel.IdleSince is { } since ? since + policy.Linger
        : tunnel.Phase != TunnelPhase.Proven || tunnel.Lost ? tunnel.NextAttempt
        : Later(tunnel.WantsOtherPorts && tunnel.NextPorts < tunnel.RenewAt ? tunnel.NextPorts : tunnel.RenewAt, tunnel.NextAttempt);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
