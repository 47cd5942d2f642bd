using Vprox.Bus.Messaging;
using Vprox.Failover.Core.Turns;

namespace Vprox.Failover.Workers;

/// <summary>
/// Whether this replica is the one that acts: publishes verdicts, changes EC2. The others watch and judge, and keep silent.
/// </summary>
public sealed class ActiveReplica(IMessagePublisher publisher, IBusConnection bus, TimeProvider time, ILogger<ActiveReplica> logger) : BackgroundService
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private readonly long started = time.GetTimestamp();
    private TurnLease lease = TurnLease.None;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool wasActive;
    private int turns;

    /// <summary>This replica's name, new with every process.</summary>
    public string ReplicaId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>True while this replica acts; false at once when its connection to the broker is lost.</summary>
    public bool IsActive
    {
        get { lock (gate) return bus.IsConnected && lease.IsHeld(Now); }
    }

    /// <summary>Grows every time this replica becomes the active one; 0 before the first. A new number means: look at state again.</summary>
    public int Turns => Volatile.Read(ref turns);

    /// <summary>Waits until <see cref="Turns"/> is greater than <paramref name="seen"/> and returns it.</summary>
    public async Task<int> WaitForTurnAsync(int seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (turns > seen) return turns;
                next = changed.Task;
            }
            await next.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The broker gave this replica a question: it is the active consumer.</summary>
    public void Hear(FailoverTurn turn)
    {
        if (turn.ReplicaId != ReplicaId) return;
        lock (gate) lease = lease.Answer(turn.Number);
        Notice();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(AskEvery, time);
        var asking = Task.CompletedTask;
        var connection = 0;
        for (long number = 1; ; number++)
        {
            if (!bus.IsConnected || bus.Connections != connection)
            {
                connection = bus.Connections;
                lock (gate) lease = TurnLease.None;
            }
            // One at a time: a slow broker is not given more of what it is slow with.
            if (bus.IsConnected && asking.IsCompleted) asking = AskAsync(number, stoppingToken);
            Notice();
            await timer.WaitForNextTickAsync(stoppingToken);
        }
    }

    private TimeSpan Now => time.GetElapsedTime(started);

    private async Task AskAsync(long number, CancellationToken cancellationToken)
    {
        lock (gate) lease = lease.Ask(number, Now);
        try
        {
            await publisher.PublishAsync(new FailoverTurn { ReplicaId = ReplicaId, Number = number }, cancellationToken);
        }
        catch (Exception away) when (away is BusUnavailableException or OperationCanceledException)
        {
            // The next tick asks again; without an answer the lease ends by itself.
        }
    }

    private void Notice()
    {
        TaskCompletionSource? reached = null;
        lock (gate)
        {
            var active = bus.IsConnected && lease.IsHeld(Now);
            if (active == wasActive) return;
            wasActive = active;
            if (active)
            {
                turns++;
                (reached, changed) = (changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
                logger.TurnTaken(ReplicaId, turns);
            }
            else
            {
                logger.TurnLost(ReplicaId);
            }
        }
        reached?.TrySetResult();
    }
}
