using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Vprox.NodeAgent.Https;

/// <summary>
/// Lets a crowd's TLS handshakes begin in the order in which connections came, a few for each core at a time. All at once they would fill the thread
/// pool's queue for seconds, and behind them would wait whatever else the agent does: its heartbeats, its rounds, and the tick by which it knows that it was
/// not frozen (<see cref="Workers.FreezeWatch"/>).
/// </summary>
public sealed class HandshakeTurns : IDisposable
{
    /// <summary>Some 20 ms of work. A turn includes the way to the client and back: up to 64 ms of it take nothing of a core's 1,000 handshakes a second.</summary>
    public const int PerCore = 64;

    /// <summary>Who takes longer has a slow way or means harm, and goes on without: others need not wait for it.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    private static readonly object Key = new();
    private readonly SemaphoreSlim _free;
    private readonly TimeProvider _time;

    /// <summary>Turns for this machine.</summary>
    public HandshakeTurns(TimeProvider time) : this(PerCore * Environment.ProcessorCount, time)
    {
    }

    internal HandshakeTurns(int atOnce, TimeProvider time) => (_free, _time) = (new SemaphoreSlim(atOnce), time);

    /// <summary>How many could begin now.</summary>
    public int Free => _free.CurrentCount;

    /// <summary>To be added before TLS: waits for a turn, and ends it when the connection ends if nothing did before.</summary>
    public void Begin(ListenOptions listener) => listener.Use(next => async connection =>
    {
        try
        {
            using var turn = await TakeAsync(connection.ConnectionClosed).ConfigureAwait(false);
            connection.Items[Key] = turn;
            await next(connection).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (connection.ConnectionClosed.IsCancellationRequested && !connection.Items.ContainsKey(Key))
        {
            // The client has not waited.
        }
    });

    /// <summary>To be added after TLS: the handshake is done.</summary>
    public static void End(ListenOptions listener) => listener.Use(next => connection =>
    {
        if (connection.Items.Remove(Key, out var turn))
            ((Turn)turn!).Dispose();
        return next(connection);
    });

    /// <summary>Waits for a turn; disposing it, or <see cref="Longest"/>, ends it.</summary>
    /// <exception cref="OperationCanceledException">The connection ended first.</exception>
    internal async Task<Turn> TakeAsync(CancellationToken connectionClosed)
    {
        await _free.WaitAsync(connectionClosed).ConfigureAwait(false);
        return new Turn(_free, _time);
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();

    /// <summary>The right to do a handshake now.</summary>
    internal sealed class Turn : IDisposable
    {
        private readonly SemaphoreSlim _free;
        private readonly ITimer _limit;
        private int _ended;

        public Turn(SemaphoreSlim free, TimeProvider time)
        {
            _free = free;
            _limit = time.CreateTimer(turn => ((Turn)turn!).End(), this, Longest, Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            _limit.Dispose();
            End();
        }

        private void End()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                _free.Release();
        }
    }
}
