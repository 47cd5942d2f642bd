namespace Vprox.Lab.Topology.Faults;

/// <summary>Breaks something again and again, so that no repair holds, until it is disposed.</summary>
public sealed class RepeatedFault : IAsyncDisposable
{
    /// <summary>Between two looks. A repair that comes right after one holds for this long.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _end = new();
    private readonly IDisposable _tool;
    private readonly Task _loop;

    private RepeatedFault(IDisposable tool, Action breaks)
    {
        _tool = tool;
        // The first time at once: the caller's clock starts here.
        breaks();
        _loop = Task.Run(() => RepeatAsync(breaks));
    }

    /// <param name="tool">What breaks it; disposed with the fault.</param>
    /// <param name="breaks">Looks whether it works again and breaks it if so.</param>
    internal static RepeatedFault Start<T>(T tool, Action<T> breaks) where T : IDisposable => new(tool, () => breaks(tool));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop;
        _tool.Dispose();
        _end.Dispose();
    }

    private async Task RepeatAsync(Action breaks)
    {
        using var timer = new PeriodicTimer(Period);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
                breaks();
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }
}
