using Microsoft.Extensions.Hosting;

namespace Vprox.Lab.Cloud;

/// <summary>Lets instances go on by themselves: pending → running, stopping → stopped, shutting-down → terminated.</summary>
public sealed class RegionClock(CloudRegion region) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var now = region.Now;
            region.Advance();
            await region.WaitAsync(now, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
