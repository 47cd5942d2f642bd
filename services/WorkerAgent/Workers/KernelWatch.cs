using Vprox.Netlink;

namespace Vprox.WorkerAgent.Workers;

/// <summary>Makes the loop look when somebody changes links, addresses, routes or rules; the timer finds what this misses.</summary>
public sealed class KernelWatch(WorkerInbox inbox, TimeProvider time) : BackgroundService
{
    // A host on which containers come and go changes links all the time.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(500);

    private readonly RouteMonitor _monitor = RouteMonitor.Open();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _monitor.WaitAsync(stoppingToken);
            inbox.LookAtKernel();
            await Task.Delay(Rest, time, stoppingToken);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _monitor.Dispose();
        base.Dispose();
    }
}
