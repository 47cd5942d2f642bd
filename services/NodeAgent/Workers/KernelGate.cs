namespace Vprox.NodeAgent.Workers;

/// <summary>
/// Lets one at a time at the kernel. What the kernel shall hold is read inside as well, so that no round removes a peer that was added
/// after it had looked.
/// </summary>
public sealed class KernelGate : IDisposable
{
    private readonly SemaphoreSlim _free = new(1, 1);

    /// <summary>Runs an action alone.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await action().ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();
}
