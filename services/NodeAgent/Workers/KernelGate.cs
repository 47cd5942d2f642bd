using System.Collections.Concurrent;

namespace Vprox.NodeAgent.Workers;

/// <summary>
/// Lets one at a time at the kernel. What the kernel shall hold is read inside as well, so that no round removes a peer that was added
/// after it had looked. Whoever is inside for long lets in between its steps what must not wait.
/// </summary>
public sealed class KernelGate(TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _free = new(1, 1);
    private readonly ConcurrentQueue<Func<Task>> _urgent = new();
    private long _movedAt;
    private volatile bool _busy;

    /// <summary>For how long whoever is inside has done no step; zero when nobody is.</summary>
    public TimeSpan StuckFor => _busy ? time.GetElapsedTime(Interlocked.Read(ref _movedAt)) : TimeSpan.Zero;

    /// <summary>For how long nobody has been inside.</summary>
    public TimeSpan IdleFor => _busy ? TimeSpan.Zero : time.GetElapsedTime(Interlocked.Read(ref _movedAt));

    /// <summary>Runs an action alone.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Move();
            return await action().ConfigureAwait(false);
        }
        finally
        {
            Move();
            _busy = false;
            _free.Release();
        }
    }

    /// <summary>
    /// Runs an action alone, or between two steps of another. It may only add to the kernel what the state already holds: a plan that was made
    /// before does not know of it.
    /// </summary>
    public async Task RunUrgentAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _urgent.Enqueue(async () =>
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                await action().ConfigureAwait(false);
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        await Task.WhenAny(done.Task, RunAsync(async () =>
        {
            await LetUrgentInAsync().ConfigureAwait(false);
            return true;
        }, CancellationToken.None)).ConfigureAwait(false);
        await done.Task.ConfigureAwait(false);
    }

    /// <summary>Called by whoever is inside, where others may change the kernel: does all that is urgent.</summary>
    public async Task LetUrgentInAsync()
    {
        while (_urgent.TryDequeue(out var action))
        {
            Move();
            await action().ConfigureAwait(false);
        }
        Move();
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();

    private void Move()
    {
        Interlocked.Exchange(ref _movedAt, time.GetTimestamp());
        _busy = true;
    }
}
