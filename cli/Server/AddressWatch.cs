using Vprox.Netlink;
using Vprox.NodeAgent.Workers;

namespace Vprox.Cli.Server;

/// <summary>Has the host's addresses read again the moment one comes or goes.</summary>
internal sealed class AddressWatch(Signals signals, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);

    private readonly RouteMonitor _routes = RouteMonitor.Open();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _routes.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var changes = await _routes.WaitAsync(stoppingToken).ConfigureAwait(false);
            if ((changes & (RouteChanges.Addresses | RouteChanges.Links | RouteChanges.Routes)) != 0)
                signals.Metadata.Raise();
            await Task.Delay(Rest, time, stoppingToken).ConfigureAwait(false);
        }
    }
}
