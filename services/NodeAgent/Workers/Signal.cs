namespace Vprox.NodeAgent.Workers;

/// <summary>Wakes one loop. Raised again before the loop looks, it stays one signal.</summary>
public sealed class Signal : IDisposable
{
    private readonly SemaphoreSlim _raised = new(0, 1);
    private readonly Lock _lock = new();

    /// <summary>Raises it.</summary>
    public void Raise()
    {
        lock (_lock)
        {
            if (_raised.CurrentCount == 0)
                _raised.Release();
        }
    }

    /// <summary>Waits for it, or until the time is over. True when it was raised.</summary>
    public Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => _raised.WaitAsync(atMost, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _raised.Dispose();
}
