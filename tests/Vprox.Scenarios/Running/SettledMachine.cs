using System.Globalization;

namespace Vprox.Scenarios.Running;

/// <summary>
/// Waits until what was just started has come to rest. A process of seconds ago is still being compiled, by threads that take the cores from
/// whatever is measured; the fleets that figures speak of have run for days.
/// </summary>
internal static class SettledMachine
{
    private const double Idle = 0.4;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Returns when two fifths of the machine's time was idle for a second, or when the patience is over: a busy machine is measured as it is.</summary>
    public static async Task WaitAsync(TimeSpan patience, CancellationToken cancel)
    {
        for (var waited = TimeSpan.Zero; waited < patience; waited += Look)
        {
            var before = Read();
            await Task.Delay(Look, cancel);
            var after = Read();
            if (after.Idle - before.Idle >= Idle * (after.All - before.All))
                return;
        }
    }

    // proc_stat(5): user nice system idle iowait …, in ticks.
    private static (long Idle, long All) Read()
    {
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToList();
        return (ticks[3] + ticks[4], ticks.Take(8).Sum());
    }
}
