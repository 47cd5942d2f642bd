using System.Diagnostics;

namespace Vprox.WireGuard.Tests.Live;

/// <summary>Waits for a condition, with a deadline that a slow, busy machine keeps.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < Deadline, $"{what}: not within {Deadline.TotalSeconds} s");
            await Task.Delay(20);
        }
    }
}
