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
    private string? _trouble;

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
            if (_trouble is not null)
                logger.MetadataAvailable(reader.Name);
            _trouble = null;
            if (!state.Take(metadata))
                return false;
            await arrivals.TakeInAsync(cancellationToken).ConfigureAwait(false);
            signals.Reconcile.Raise();
            events.Add(description.AddressesChanged(metadata));
            logger.MetadataChanged(reader.Name, metadata.NetworkInterfaces.Count, metadata.NetworkInterfaces.Sum(eni => eni.SecondaryAddresses.Count));
            return true;
        }
        // A fault of ours as well: the tunnels that run need the agent more than this reading, and the next whole one may be free of it.
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Tell(e);
            return false;
        }
    }

    /// <summary>Each trouble once: that IMDS is away in however many ways it is, and each fault of ours.</summary>
    private void Tell(Exception e)
    {
        var isAway = e is ImdsUnavailableException or Netlink.NetlinkException;
        var trouble = isAway ? "away" : e.Message;
        if (trouble == _trouble)
            return;
        _trouble = trouble;
        if (isAway)
            logger.MetadataUnavailable(reader.Name, e.Message);
        else
            logger.MetadataFailed(reader.Name, e);
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
