using System.Diagnostics;

namespace Vprox.NodeAgent.Tests.Given;

/// <summary>Waits for a condition, with a deadline that a slow machine keeps too.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        for (var watch = Stopwatch.StartNew(); !await condition(); await Task.Delay(10))
            Assert.True(watch.Elapsed < Deadline, $"not within {Deadline}: {what}");
    }

    public static async Task EqualAsync<T>(T expected, Func<T> actual)
    {
        for (var watch = Stopwatch.StartNew(); !EqualityComparer<T>.Default.Equals(expected, actual()) && watch.Elapsed < Deadline;)
            await Task.Delay(10);
        Assert.Equal(expected, actual());
    }
}
