using Vprox.Contracts;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Workers;

/// <summary>
/// Tells Failover which tunnels are lost and which are back. It is said again while it lasts, for Failover believes only what is fresh, and what is
/// said is what holds when it is sent: a worker that was cut off itself comes back without old complaints. Used by the worker's loop alone.
/// </summary>
public sealed class LossReports(Announcer announcer, TimeProvider time)
{
    private static readonly TimeSpan Repeat = TimeSpan.FromSeconds(3);

    /// <summary>For how long a tunnel that is back is said to be.</summary>
    private static readonly TimeSpan RestoredFor = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, DateTimeOffset> _restoredAt = [];
    private readonly Dictionary<bool, DateTimeOffset> _saidAt = [];
    private readonly HashSet<bool> _underway = [];

    /// <summary>When something is to be said again; null when nothing is.</summary>
    public DateTimeOffset? NextTime { get; private set; }

    /// <summary>Hands over what is to be said.</summary>
    public void Announce(WorkerState state, WorkerInbox inbox)
    {
        var now = time.GetUtcNow();
        var tunnels = state.Tunnels.Values.Where(tunnel => tunnel.Grant is not null).ToList();
        foreach (var tunnel in tunnels.Where(tunnel => !tunnel.Lost && tunnel.LossReported))
            _restoredAt.TryAdd(tunnel.ProxyId, now);
        foreach (var old in _restoredAt.Where(each => each.Value + RestoredFor < now || IsLost(state, each.Key)).Select(each => each.Key).ToList())
            _restoredAt.Remove(old);

        NextTime = null;
        Announce(true, tunnels.Where(tunnel => tunnel.Lost).ToList(), now, () =>
            Addresses(inbox, tunnel => tunnel.Lost) is { Count: > 0 } addresses
                ? new TunnelLost
                {
                    WorkerId = state.Policy.WorkerId,
                    Addresses = addresses,
                    Carrying = Addresses(inbox, tunnel => tunnel.IsUsable),
                    At = time.GetUtcNow(),
                }
                : null, inbox);
        var restored = _restoredAt.Keys.ToHashSet();
        Announce(false, tunnels.Where(tunnel => restored.Contains(tunnel.ProxyId)).ToList(), now, () =>
            Addresses(inbox, tunnel => !tunnel.Lost && restored.Contains(tunnel.ProxyId)) is { Count: > 0 } addresses
                ? new TunnelRestored { WorkerId = state.Policy.WorkerId, Addresses = addresses, At = time.GetUtcNow() } : null, inbox);
    }

    /// <summary>Takes note that the state knows of a delivery.</summary>
    public void Arrived(WorkerEvent.LossDelivered delivered) => _underway.Remove(delivered.Lost);

    private void Announce<T>(bool lost, List<Tunnel> tunnels, DateTimeOffset now, Func<T?> message, WorkerInbox inbox) where T : class
    {
        if (tunnels.Count == 0 || _underway.Contains(lost))
            return;
        var again = _saidAt.GetValueOrDefault(lost, DateTimeOffset.MinValue) + Repeat;
        if (now >= again || tunnels.Any(tunnel => tunnel.LossReported != lost))
        {
            IReadOnlyList<string> said = [.. tunnels.Select(tunnel => tunnel.ProxyId)];
            if (!announcer.TryAnnounce(message, () => inbox.Post(new WorkerEvent.LossDelivered(said, lost))))
                return;
            _underway.Add(lost);
            _saidAt[lost] = now;
            again = now + Repeat;
        }
        NextTime = NextTime is { } earlier && earlier < again ? earlier : again;
    }

    private static List<string> Addresses(WorkerInbox inbox, Func<Tunnel, bool> which) =>
        [.. (inbox.State?.Tunnels.Values ?? []).Where(tunnel => tunnel.Grant is not null && which(tunnel))
            .Select(tunnel => tunnel.Grant!.Address.ToString()).Distinct()];

    private static bool IsLost(WorkerState state, string proxyId) => !state.Tunnels.TryGetValue(proxyId, out var tunnel) || tunnel.Lost;
}
