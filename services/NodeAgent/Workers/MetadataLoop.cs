using Vprox.NodeAgent.Adapters.Imds;
using Vprox.NodeAgent.Core;

namespace Vprox.NodeAgent.Workers;

/// <summary>Reads IMDS on a timer, and for a while in quick succession when EC2 is said to have moved an address: IMDS lags behind it.</summary>
public sealed class MetadataLoop(
    MetadataReader reader, NodeState state, NodeDescription description, Signals signals, EventQueue events, NodeAgentOptions options,
    TimeProvider time, ILogger<MetadataLoop> logger) : BackgroundService
{
    private static readonly TimeSpan HurryFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Hurry = TimeSpan.FromMilliseconds(100);

    private bool _unavailable;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var hurryUntil = DateTimeOffset.MinValue;
        while (true)
        {
            var changed = await ReadAsync(stoppingToken).ConfigureAwait(false);
            var hurries = !changed && time.GetUtcNow() < hurryUntil;
            var wait = hurries && Hurry < options.MetadataPollInterval ? Hurry : options.MetadataPollInterval;
            if (await signals.Metadata.WaitAsync(wait, stoppingToken).ConfigureAwait(false))
                hurryUntil = time.GetUtcNow() + HurryFor;
        }
    }

    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var metadata = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (_unavailable)
                logger.MetadataAvailable();
            _unavailable = false;
            if (!state.Take(metadata))
                return false;
            logger.MetadataChanged(metadata.NetworkInterfaces.Count, metadata.NetworkInterfaces.Sum(eni => eni.SecondaryAddresses.Count));
            events.Add(description.AddressesChanged(metadata));
            signals.Reconcile.Raise();
            return true;
        }
        catch (Exception e) when (e is ImdsUnavailableException or Netlink.NetlinkException)
        {
            if (!_unavailable)
                logger.MetadataUnavailable(e.Message);
            _unavailable = true;
            return false;
        }
    }
}
