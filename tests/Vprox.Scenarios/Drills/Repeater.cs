namespace Vprox.Scenarios.Drills;

/// <summary>
/// Publishes what the services say once more at once, and everything again later, newest first: doubled, late and out of order, as a broker
/// that delivers at least once may.
/// </summary>
internal sealed class Repeater(BusSpy bus) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RoundLength = TimeSpan.FromMilliseconds(700);

    // What a verdict, a placement or a move says; not the nodes' own reports of now.
    private static readonly HashSet<string> Repeated = new(StringComparer.Ordinal)
    {
        "vprox.node-unhealthy", "vprox.static-ip-placed", "vprox.static-ip-prepared", "vprox.static-ip-serving",
        "vprox.static-ip-released", "vprox.ip-reassigned", "vprox.node-draining", "vprox.node-drained",
    };

    private readonly CancellationTokenSource _end = new();
    private Task _work = Task.CompletedTask;

    /// <summary>Copies published.</summary>
    public int Copies { get; private set; }

    public static Repeater Start(BusSpy bus)
    {
        var repeater = new Repeater(bus);
        repeater._work = Task.Run(repeater.RunAsync);
        return repeater;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        var seen = 0;
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var heard = bus.Heard.Where(message => Repeated.Contains(message.Exchange)).ToList();
            foreach (var message in heard.Skip(seen))
                await RepeatAsync(message);
            seen = heard.Count;
            if (TimeProvider.System.GetElapsedTime(started) > RoundLength)
            {
                started = TimeProvider.System.GetTimestamp();
                foreach (var message in heard.AsEnumerable().Reverse())
                    await RepeatAsync(message);
            }
            await Task.Delay(Interval, _end.Token);
        }
    }

    private async Task RepeatAsync(BusMessage message)
    {
        await bus.RepeatAsync(message, _end.Token);
        Copies++;
    }
}
