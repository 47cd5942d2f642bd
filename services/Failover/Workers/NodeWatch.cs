using System.Collections.Immutable;
using System.Threading.Channels;
using Vprox.Bus.Messaging;
using Vprox.Contracts;
using Vprox.Failover.Core.Liveness;

namespace Vprox.Failover.Workers;

/// <summary>
/// The judgement of nodes behind a lock: whoever sees or hears something tells it, one reader takes the verdicts. Ids and texts come from
/// the bus and are bounded here.
/// </summary>
public sealed class NodeWatch(FailoverOptions options, TimeProvider time) : INodeStandings
{
    private const int LongestText = 300;
    private static readonly TimeSpan LongestTrouble = TimeSpan.FromDays(1);

    private readonly Lock gate = new();
    private readonly long started = time.GetTimestamp();
    private readonly Channel<Verdict> verdicts = Channel.CreateUnbounded<Verdict>(new UnboundedChannelOptions { SingleReader = true });
    private TaskCompletionSource published = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NodeLiveness state = NodeLiveness.Empty;

    /// <summary>How much evidence is enough.</summary>
    public LivenessPolicy Policy { get; } = options.ToPolicy();

    /// <summary>Since the start of this process; no change of the clock moves it.</summary>
    public TimeSpan Now => time.GetElapsedTime(started);

    /// <summary>What is known at this moment.</summary>
    public NodeLiveness State
    {
        get { lock (gate) return state; }
    }

    /// <summary>The verdicts, in the order they fell.</summary>
    public ChannelReader<Verdict> Verdicts => verdicts.Reader;

    /// <inheritdoc/>
    public NodeStandingNow? Of(string nodeId)
    {
        var (node, now) = (State.Nodes.GetValueOrDefault(nodeId), Now);
        return node is null
            ? null
            : new NodeStandingNow(
                node.Health == Health.Unhealthy, node.DeadSince is { } since ? now - since : TimeSpan.Zero, node.Failed is not null || node.DrainAsked);
    }

    /// <summary>Something was observed.</summary>
    public void Observe(Observation observation)
    {
        lock (gate)
        {
            (state, var fallen) = state.Observe(observation, Now, Policy);
            foreach (var verdict in fallen) verdicts.Writer.TryWrite(verdict);
            if (observation is not Observation.Published) return;
            published.TrySetResult();
            published = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>A heartbeat came.</summary>
    public void Hear(NodeHeartbeat heartbeat)
    {
        if (!QueueNames.IsId(heartbeat.NodeId)) return;
        var trouble = double.IsFinite(heartbeat.TroubleMs) ? Math.Clamp(heartbeat.TroubleMs, 0, LongestTrouble.TotalMilliseconds) : 0;
        Observe(new Observation.Heartbeat(
            heartbeat.NodeId, heartbeat.StartedAt, heartbeat.Sequence, Text(heartbeat.Trouble), TimeSpan.FromMilliseconds(trouble)));
    }

    /// <summary>A node is known.</summary>
    public void Know(NodeJoined joined)
    {
        if (QueueNames.IsId(joined.NodeId))
            Observe(new Observation.Known(joined.NodeId, joined.InstanceId, ProbeTarget.Parse(joined.ProbeUrl)));
    }

    /// <summary>A worker lost tunnels.</summary>
    public void Hear(TunnelLost lost)
    {
        if (QueueNames.IsId(lost.WorkerId))
            Observe(new Observation.TunnelsLost(lost.WorkerId, Bounded(lost.Addresses), Bounded(lost.Carrying), lost.At));
    }

    /// <summary>A worker has tunnels back.</summary>
    public void Hear(TunnelRestored restored)
    {
        if (QueueNames.IsId(restored.WorkerId))
            Observe(new Observation.TunnelsRestored(restored.WorkerId, Bounded(restored.Addresses), restored.At));
    }

    /// <summary>The Allocator's books were read, having been asked for at <paramref name="asked"/> by <see cref="Now"/>.</summary>
    public void Compare(IReadOnlyCollection<NodeJoined> nodes, IReadOnlyCollection<NodeStanding> standings, TimeSpan asked)
    {
        foreach (var node in nodes) Know(node);
        var known = nodes.Select(node => node.NodeId).ToHashSet();
        Observe(new Observation.Standings(
            standings.Where(each => known.Contains(each.NodeId)).DistinctBy(each => each.NodeId).ToImmutableSortedDictionary(
                each => each.NodeId, each => new Standing(each.Unhealthy, each.Draining), StringComparer.Ordinal),
            asked));
    }

    /// <summary>Waits until every verdict about a node, or about all when it is null, is on the bus.</summary>
    public async Task UntilPublishedAsync(string? nodeId, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (!state.Owed.Any(owed => nodeId is null || owed.Verdict.Node == nodeId)) return;
                next = published.Task;
            }
            await next.WaitAsync(cancellationToken);
        }
    }

    /// <summary>What others wrote, on one line and of a length that a log and a message can bear.</summary>
    public static string? Text(string? text) => text is null
        ? null
        : new string([.. text.Take(LongestText).Select(letter => char.IsControl(letter) ? ' ' : letter)]);

    private ImmutableSortedSet<string> Bounded(IReadOnlyList<string> addresses) =>
        addresses.Take(Policy.MostAddresses).Where(address => address.Length <= 15).ToImmutableSortedSet(StringComparer.Ordinal);
}
