namespace Vprox.NodeAgent.Workers;

/// <summary>The ticks of <see cref="FreezeWatch"/>.</summary>
public sealed class FreezeLoop(FreezeWatch freeze, Signals signals, TimeProvider time, ILogger<FreezeLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = FreezeWatch.LongestGap / 5;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            if (freeze.Tick() is var frozen && frozen > TimeSpan.Zero)
            {
                logger.WasFrozen(frozen.TotalSeconds);
                signals.Metadata.Raise();
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }
}
