using System.Net;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.Handshakes;

namespace Vprox.NodeAgent.Workers;

/// <summary>
/// Starts the handshakes of addresses that have arrived, so that workers need do nothing: their next packet, or the remote's, finds a session.
/// </summary>
public sealed class HandshakeLoop(
    NodeState state, INodeDataPlane dataPlane, KernelGate kernel, NodeMeters meters, TimeProvider time, ILogger<HandshakeLoop> logger) : BackgroundService
{
    /// <summary>WireGuard's REJECT_AFTER_TIME: an older session is none (whitepaper, section 6.1).</summary>
    private static readonly TimeSpan SessionLife = TimeSpan.FromSeconds(180);

    private readonly Lock _lock = new();
    private readonly HandshakeSchedule _schedule = new();
    private readonly Dictionary<IPAddress, Arrival> _arrivals = [];
    private readonly Signal _begun = new();
    private bool _adopting = true;

    private sealed record Arrival(DateTimeOffset ShownAt, DateTimeOffset OnHostAt, int Peers);

    /// <summary>Addresses are on the host now. The first time they are those that the agent found there: sessions of theirs that live stay.</summary>
    public void Begin(IReadOnlyList<DesiredAddress> arrived)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            foreach (var address in arrived)
            {
                _schedule.Begin(address, _adopting ? now - SessionLife : now, now);
                if (!_adopting)
                    _arrivals[address.Address] = new Arrival(state.Metadata?.ReadAt ?? now, now, address.Peers.Count(peer => peer.Endpoint is not null));
            }
            _adopting = false;
        }
        foreach (var address in arrived)
            logger.OnHost(address.Address.ToString(), address.PrivateAddress, address.LinkName!, address.Peers.Count);
        _begun.Raise();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? lastFailure = null;
        while (true)
        {
            await _begun.WaitAsync(NextWait(), stoppingToken).ConfigureAwait(false);
            try
            {
                await RunAsync(stoppingToken).ConfigureAwait(false);
                lastFailure = null;
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                if (lastFailure != e.Message)
                    logger.HandshakesNotStarted(e.Message);
                lastFailure = e.Message;
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _begun.Dispose();
        base.Dispose();
    }

    private TimeSpan NextWait()
    {
        lock (_lock)
        {
            if (_schedule.NextAt is not { } next)
                return Timeout.InfiniteTimeSpan;
            var wait = next - time.GetUtcNow();
            return wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1);
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var port in Ripe())
        {
            if (await dataPlane.ReadDeviceAsync(port, cancellationToken).ConfigureAwait(false) is { } device)
                Observe(device);
        }
        foreach (var due in Take().GroupBy(each => (each.ListenPort, Anew: each.Attempt > 0)))
        {
            await kernel.RunUrgentAsync(async () =>
            {
                // Looked at inside: nothing is sent for an address that has left meanwhile, no peer that has gone comes back, and none takes what is another's by now.
                var here = state.Arrived;
                var peers = due.Where(each => here.Contains(each.Address)).Select(AsItIsNow).OfType<DesiredPeer>().ToList();
                if (peers.Count == 0)
                    return;
                await dataPlane.StartHandshakesAsync(due.Key.ListenPort, peers, due.Key.Anew, cancellationToken).ConfigureAwait(false);
                meters.HandshakesStarted(peers.Count);
            }, cancellationToken).ConfigureAwait(false);
        }
    }

    private DesiredPeer? AsItIsNow(PendingHandshake each) =>
        state.FindPeer(each.Address, each.Peer.PublicKey) is { } peer ? each.Peer with { InnerAddresses = peer.InnerAddresses } : null;

    /// <summary>Interfaces to look at before anything is sent: their peers may have begun by themselves.</summary>
    private List<int> Ripe()
    {
        var now = time.GetUtcNow();
        var here = state.Arrived;
        lock (_lock)
        {
            _schedule.Keep(pending => here.Contains(pending.Address) && state.FindPeer(pending.Address, pending.Peer.PublicKey) is not null);
            return [.. _schedule.Pending.Where(each => each.DueAt <= now && (each.Attempt > 0 || each.ArrivedAt < now - (SessionLife / 2))).Select(each => each.ListenPort).Distinct()];
        }
    }

    private IReadOnlyList<PendingHandshake> Take()
    {
        lock (_lock)
        {
            var taken = _schedule.Take(time.GetUtcNow());
            foreach (var last in taken.Where(each => each.Attempt == HandshakeSchedule.Attempts - 1))
                logger.NoHandshake(last.Address.ToString(), last.Peer.PublicKey.ToString(), last.Peer.Endpoint!, HandshakeSchedule.Attempts);
            return taken;
        }
    }

    private void Observe(WireGuard.Device device)
    {
        lock (_lock)
        {
            foreach (var done in _schedule.Observe(device).GroupBy(each => each.Address))
            {
                if (!_arrivals.Remove(done.Key, out var arrival))
                    continue;
                var keys = done.Select(each => each.Peer.PublicKey).ToHashSet();
                var first = device.Peers.Where(peer => keys.Contains(peer.PublicKey)).Min(peer => peer.LastHandshake) - arrival.ShownAt;
                meters.Arrived(first!.Value);
                logger.Arrived(done.Key.ToString(), (arrival.OnHostAt - arrival.ShownAt).TotalMilliseconds, first.Value.TotalMilliseconds, keys.Count, arrival.Peers);
            }
        }
    }
}
