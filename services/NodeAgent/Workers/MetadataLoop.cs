using Vprox.NodeAgent.Adapters.Imds;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.Metadata;

namespace Vprox.NodeAgent.Workers;

/// <summary>
/// Reads IMDS, or whatever takes its place, on a timer, and in quick succession while an address is on its way to or from this node. What has come is put on its ENI at
/// once.
/// </summary>
public sealed class MetadataLoop(
    IMetadataSource reader, NodeState state, NodeDescription description, Signals signals, EventQueue events, Arrivals arrivals, FreezeWatch freeze,
    NodeAgentOptions options, TimeProvider time, ILogger<MetadataLoop> logger) : BackgroundService
{
    private readonly MetadataPace _pace = new(options.MetadataPollInterval);
    private DateTimeOffset _readWhollyAt = DateTimeOffset.MinValue;
    private bool _unavailable;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            if (await ReadAsync(stoppingToken).ConfigureAwait(false))
                _pace.Changed();
            await Task.Delay(MetadataPace.Least, time, stoppingToken).ConfigureAwait(false);
            if (await signals.Metadata.WaitAsync(_pace.Next(state.Awaited, time.GetUtcNow()), stoppingToken).ConfigureAwait(false))
                _pace.Hurry(time.GetUtcNow());
        }
    }

    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var begunAt = time.GetTimestamp();
            var metadata = await ReadMetadataAsync(cancellationToken).ConfigureAwait(false);
            if (!freeze.Accepts(begunAt))
            {
                signals.Metadata.Raise();
                return false;
            }
            if (_unavailable)
                logger.MetadataAvailable(reader.Name);
            _unavailable = false;
            if (!state.Take(metadata))
                return false;
            await arrivals.TakeInAsync(cancellationToken).ConfigureAwait(false);
            signals.Reconcile.Raise();
            events.Add(description.AddressesChanged(metadata));
            logger.MetadataChanged(reader.Name, metadata.NetworkInterfaces.Count, metadata.NetworkInterfaces.Sum(eni => eni.SecondaryAddresses.Count));
            return true;
        }
        catch (Exception e) when (e is ImdsUnavailableException or Netlink.NetlinkException)
        {
            if (!_unavailable)
                logger.MetadataUnavailable(reader.Name, e.Message);
            _unavailable = true;
            return false;
        }
    }

    private async Task<MetadataSnapshot> ReadMetadataAsync(CancellationToken cancellationToken)
    {
        var awaited = state.Awaited;
        if (awaited.Count > 0 && time.GetUtcNow() - _readWhollyAt < options.MetadataPollInterval)
            return await reader.GlanceAsync(awaited, cancellationToken).ConfigureAwait(false);
        var whole = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        _readWhollyAt = time.GetUtcNow();
        return whole;
    }
}
