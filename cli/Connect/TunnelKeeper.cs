using Vprox.Netlink;
using Vprox.Nftables;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Adapters.Nodes;
using Vprox.WorkerAgent.Core;

namespace Vprox.Cli.Connect;

/// <summary>
/// Keeps a tunnel: looks twice a second whether something was received, pings when nothing was, and when nothing answers connects anew and pings on, until
/// one of both succeeds. At the end the server is told, and the interface goes.
/// </summary>
internal sealed class TunnelKeeper(
    ConnectOptions options, ServerClient server, ClientInterface link, DesiredTunnel first, TimeProvider time, ILogger<TunnelKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan[] Tries = [Patience, Patience, Patience];
    // On one socket: an answer that comes after the next ping has left is an answer.
    private static readonly TimeSpan[] Listening = [.. Enumerable.Repeat(Patience, 16)];
    private static readonly TimeSpan Repair = TimeSpan.FromSeconds(5);

    private DesiredTunnel _tunnel = first;
    private long _received;
    private string? _lastFailure;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        logger.Connected(options.Interface, options.Server, string.Join(", ", _tunnel.InnerAddresses), _tunnel.Blocks.Count);
        using var timer = new PeriodicTimer(Interval, time);
        var repairedAt = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                if (!await LivesAsync(stoppingToken).ConfigureAwait(false))
                    await ReconnectAsync(stoppingToken).ConfigureAwait(false);
                if (time.GetElapsedTime(repairedAt) < Repair)
                    continue;
                repairedAt = time.GetTimestamp();
                if (await link.SetAsync(_tunnel, stoppingToken).ConfigureAwait(false) is { Count: > 0 } steps)
                    logger.Repaired(options.Interface, string.Join("; ", steps));
            }
            catch (Exception e) when (IsOfTheKernel(e))
            {
                logger.NotLookedAt(options.Interface, e.Message);
            }
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        if (options.Keep)
        {
            logger.Kept(options.Interface);
            return;
        }
        // The server first: without the interface, it may be out of reach for a user whose route to it leads through it.
        if (await server.DisconnectAsync(_tunnel.ServerPublicKey).ConfigureAwait(false) is { } unheard)
            logger.DisconnectUnheard(options.Server, options.Interface, unheard);
        try
        {
            await link.RemoveAsync(CancellationToken.None).ConfigureAwait(false);
            logger.Removed(options.Interface);
        }
        catch (Exception e) when (IsOfTheKernel(e))
        {
            logger.NotRemoved(options.Interface, e.Message);
        }
    }

    /// <summary>True when something was received since the last look, or the server answers now.</summary>
    private async Task<bool> LivesAsync(CancellationToken cancellationToken)
    {
        var before = _received;
        _received = await ReceivedAsync(cancellationToken).ConfigureAwait(false);
        if (_received > before)
            return true;
        var answers = await EchoProbe.AnswersAsync(options.Interface, _tunnel.Gateway, Tries, cancellationToken).ConfigureAwait(false);
        // The answer to our own ping is no traffic: without this, an idle tunnel would be looked at every other time only.
        _received = await ReceivedAsync(cancellationToken).ConfigureAwait(false);
        return answers;
    }

    private async Task<long> ReceivedAsync(CancellationToken cancellationToken) =>
        (await link.DeviceAsync(cancellationToken).ConfigureAwait(false))?.Peers.FirstOrDefault(peer => peer.PublicKey == _tunnel.ServerPublicKey)?.ReceivedBytes ?? 0;

    private async Task ReconnectAsync(CancellationToken cancellationToken)
    {
        var noticedAt = time.GetTimestamp();
        logger.FellSilent(options.Interface, options.Server);
        for (var attempt = 1; ; attempt++)
        {
            if (await TryAgainAsync(attempt, cancellationToken).ConfigureAwait(false) is not { } how)
                continue;
            logger.Restored(options.Interface, options.Server, time.GetElapsedTime(noticedAt).TotalSeconds, how);
            _lastFailure = null;
            return;
        }
    }

    /// <summary>Connects anew, and listens meanwhile whether the server comes back by itself. Null when neither was the case.</summary>
    private async Task<string?> TryAgainAsync(int attempt, CancellationToken cancellationToken)
    {
        using var round = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var before = _tunnel;
        var listening = ListenAsync(round.Token);
        var connecting = ConnectOrWaitAsync(attempt, round.Token, cancellationToken);
        try
        {
            var answers = await (await Task.WhenAny(listening, connecting).ConfigureAwait(false)).ConfigureAwait(false);
            return !answers ? null : ReferenceEquals(_tunnel, before) ? "as it was" : "connected anew";
        }
        finally
        {
            await round.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(listening, connecting).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    /// <summary>True when the server has agreed and answers through a new session; false when not, and it is time to ask again.</summary>
    private async Task<bool> ConnectOrWaitAsync(int attempt, CancellationToken round, CancellationToken cancellationToken)
    {
        var reply = await server.ConnectAsync(_tunnel.InnerAddresses, round).ConfigureAwait(false);
        if (reply is ServerClient.Reply.Agreed agreed)
        {
            _tunnel = agreed.Tunnel;
            // Not with the round's token: a change of the kernel is not left half done because an answer came by itself.
            await link.SetAsync(_tunnel, cancellationToken).ConfigureAwait(false);
            await link.RenewAsync(_tunnel, cancellationToken).ConfigureAwait(false);
            if (await EchoProbe.AnswersAsync(options.Interface, _tunnel.Gateway, ReconnectPace.Proof(attempt), round).ConfigureAwait(false))
                return true;
        }
        else if (reply is ServerClient.Reply.Failed failed && failed.Reason != _lastFailure)
            logger.NotReconnected(options.Interface, options.Server, _lastFailure = failed.Reason);
        await Task.Delay(ReconnectPace.Wait(reply, attempt, Random.Shared.NextDouble()), time, round).ConfigureAwait(false);
        return false;
    }

    /// <summary>Pings until the server answers: it may come back by itself, or begin the handshake.</summary>
    private async Task<bool> ListenAsync(CancellationToken cancellationToken)
    {
        while (!await EchoProbe.AnswersAsync(options.Interface, _tunnel.Gateway, Listening, cancellationToken).ConfigureAwait(false))
            await Task.Delay(Patience, time, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static bool IsOfTheKernel(Exception e) => e is WireGuardException or NetlinkException or NftException or IOException;
}
