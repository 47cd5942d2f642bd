using System.Net;
using Vprox.Bus.Messaging;
using Vprox.Contracts;
using Vprox.NodeAgent.Core;

namespace Vprox.NodeAgent.Workers;

/// <summary>
/// Joins and asks for a snapshot: at start, when the bus is back, on a timer, and when messages were missed. What serves is said again with it.
/// </summary>
public sealed class SnapshotLoop(
    NodeState state, NodeDescription description, PlacementIntake intake, Announcements announcements, FreezeWatch freeze, Signals signals, IMessagePublisher publisher, IMessageRequester requester,
    KnownToAllocator known, IBusConnection bus, NodeAgentOptions options, TimeProvider time, ILogger<SnapshotLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan SayAgainAfter = TimeSpan.FromMinutes(1);

    private DateTimeOffset? _failingSince;
    private DateTimeOffset _saidAt;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(LoopAsync(stoppingToken), WatchBusAsync(stoppingToken));

    private async Task LoopAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var seen = await bus.WaitForConnectionAsync(0, cancellationToken).ConfigureAwait(false);
            var done = seen > 0 && bus.IsConnected && await TryOnceAsync(cancellationToken).ConfigureAwait(false);
            await signals.Snapshot.WaitAsync(done || options.SnapshotInterval < Retry ? options.SnapshotInterval : Retry, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WatchBusAsync(CancellationToken cancellationToken)
    {
        var seen = 0;
        while (true)
        {
            seen = await bus.WaitForConnectionAsync(seen, cancellationToken).ConfigureAwait(false);
            signals.Snapshot.Raise();
        }
    }

    private async Task<bool> TryOnceAsync(CancellationToken cancellationToken)
    {
        // A node without a name for its addresses has nothing to join with; the reading raises no signal, the retry comes by itself.
        if (state.Metadata is not { } metadata)
            return false;
        try
        {
            await publisher.PublishAsync(description.Joined(metadata), cancellationToken).ConfigureAwait(false);
            if (freeze.MayServe)
                await SayAgainAsync(cancellationToken).ConfigureAwait(false);
            var taken = await TakeSnapshotAsync(cancellationToken).ConfigureAwait(false);
            known.Set(taken);
            if (taken)
                _failingSince = null;
            else if (IsNews(out _))
                logger.NotKnown(state.NodeId);
            return taken;
        }
        catch (Exception e) when (e is BusUnavailableException or NoAnswerException)
        {
            if (IsNews(out var silence))
                logger.SnapshotFailed(silence.TotalSeconds, e.Message);
            known.Set(false);
            return false;
        }
    }

    /// <summary>The first of the failures in a row, and then one a minute: a minute of failing must not look like silence.</summary>
    private bool IsNews(out TimeSpan failingFor)
    {
        var now = time.GetUtcNow();
        var isFirst = _failingSince is null;
        _failingSince ??= now;
        failingFor = now - _failingSince.Value;
        if (!isFirst && now - _saidAt < SayAgainAfter)
            return false;
        _saidAt = now;
        return true;
    }

    private async Task SayAgainAsync(CancellationToken cancellationToken)
    {
        foreach (var prepared in announcements.Prepared())
            await publisher.PublishAsync(prepared, cancellationToken).ConfigureAwait(false);
        foreach (var serving in announcements.Serving())
            await publisher.PublishAsync(serving, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> TakeSnapshotAsync(CancellationToken cancellationToken)
    {
        var placedWhenAsked = state.PlacedGenerations();
        var named = new HashSet<IPAddress>();
        string? after = null;
        long? upTo = null;
        do
        {
            var page = await requester.RequestAsync<RequestNodeSnapshot, NodeSnapshot>(
                new RequestNodeSnapshot { NodeId = state.NodeId, After = after }, cancellationToken).ConfigureAwait(false);
            if (!page.Known)
                return false;
            upTo ??= page.UpTo;
            foreach (var message in page.Placements)
                Take(message, named);
            // Pages are ordered by address: one that does not lead on would be asked for without end.
            if (page.Next is not null && page.Next == after)
                throw new NoAnswerException($"the page after {after} named itself as the next one");
            after = page.Next;
        }
        while (after is not null);

        foreach (var address in state.EndSnapshot(placedWhenAsked, named, upTo.Value, time.GetUtcNow()))
            logger.NotInSnapshot(address.ToString());
        signals.Reconcile.Raise();
        if (named.Count != placedWhenAsked.Count)
            logger.SnapshotTaken(named.Count);
        return true;
    }

    private void Take(StaticIpPlaced message, HashSet<IPAddress> named)
    {
        // Named, even if the rest of it cannot be read: it must not be let go for that.
        if (Addressing.Ipv4.TryParse(message.Address, out var address))
            named.Add(address);
        try
        {
            intake.Take(message, confirmed: true);
        }
        catch (FormatException e)
        {
            logger.PlacementRefused(e.Message);
        }
    }
}
