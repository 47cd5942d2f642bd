namespace Vprox.Bus.Tests;

/// <summary>Waits for a condition with a deadline generous enough for a busy machine.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static async Task<T> GetAsync<T>(Func<Task<T?>> read, string what) where T : class
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (true)
            {
                if (await read() is { } value) return value;
                await tick.WaitForNextTickAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Not within {Deadline.TotalSeconds} s: {what}");
        }
    }

    public static Task TrueAsync(Func<bool> condition, string what) => GetAsync(() => Task.FromResult(condition() ? "yes" : null), what);
}
