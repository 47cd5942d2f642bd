using System.Runtime.InteropServices;
using Vprox.Bus.Hosting;
using Vprox.Cli.Commands;
using Vprox.Identity;
using Vprox.Netlink;
using Vprox.Nftables;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Adapters.Nodes;
using Vprox.WorkerAgent.Core;

namespace Vprox.Cli.Connect;

/// <summary>A client from its first request to its last.</summary>
internal static class ClientProgram
{
    private const int KeySize = 32;
    private static readonly TimeSpan FirstConnect = TimeSpan.FromSeconds(10);
    // An interface that was kept may hold a session of a server that has begun anew since; WireGuard itself would notice after 15 s (KEEPALIVE_TIMEOUT + REKEY_TIMEOUT).
    private static readonly TimeSpan[] KeptProof = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(250), 3)];
    // Two handshakes, should the first be lost (REKEY_TIMEOUT, 5 s).
    private static readonly TimeSpan[] Proof = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(500), 16)];

    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ConnectOptions options, StateFolder folder, CancellationToken cancellationToken)
    {
        // Until the host takes them, and beside it: a client that is told to stop while it connects leaves nothing behind either.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        return await RunAsync(options, folder, stop).ConfigureAwait(false);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<int> RunAsync(ConnectOptions options, StateFolder folder, CancellationTokenSource stop)
    {
        var known = new KnownServers(Path.Combine(folder.Path, "known_servers"));
        try
        {
            var key = new WireGuardPrivateKey(KeyFile.LoadOrCreate(Path.Combine(folder.Path, $"{options.Interface}.key"), KeySize));
            var trust = new ServerTrust(options.Server, options.Pin, known);
            using var link = new ClientInterface(options.Interface, options.WireGuard);
            if (await link.WhyNotOursAsync(key, stop.Token).ConfigureAwait(false) is { } foreign)
                return await CommandLine.FailAsync("connect", [foreign]).ConfigureAwait(false);
            var server = new ServerClient(options, key, trust, TimeProvider.System);
            return await RunAsync(options, link, server, trust, known, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidDataException or IOException or UnauthorizedAccessException or WireGuardException or NetlinkException or NftException)
        {
            return await CommandLine.FailAsync("connect", [e.Message]).ConfigureAwait(false);
        }
    }

    private static async Task<int> RunAsync(
        ConnectOptions options, ClientInterface link, ServerClient server, ServerTrust trust, KnownServers known, CancellationToken cancellationToken)
    {
        var reply = await FirstReplyAsync(server, cancellationToken).ConfigureAwait(false);
        if (reply is not ServerClient.Reply.Agreed agreed)
            return await CommandLine.FailAsync("connect", [((ServerClient.Reply.Failed)reply).Reason]).ConfigureAwait(false);
        var isNew = await trust.KeepAsync(cancellationToken).ConfigureAwait(false);
        var wasThere = link.Exists;
        if (!await IsUpAsync(options, link, agreed.Tunnel, server, cancellationToken).ConfigureAwait(false))
        {
            // One that was kept is used by programs of this host: without it their traffic would take another way, and when UDP passes again it works again.
            if (!wasThere)
            {
                await server.DisconnectAsync(agreed.Tunnel.ServerPublicKey).ConfigureAwait(false);
                await link.RemoveAsync(CancellationToken.None).ConfigureAwait(false);
            }
            return await CommandLine.FailAsync("connect", [
                $"{options.Server} agreed, and no WireGuard handshake happened: is UDP port {agreed.Tunnel.Endpoint.Port} open on the way to it?"]).ConfigureAwait(false);
        }
        try
        {
            return await VproxHost.RunAsync("connect", [], host =>
            {
                host.Services.AddSingleton(options).AddSingleton(server).AddSingleton(agreed.Tunnel);
                host.Services.AddHostedService(provider => ActivatorUtilities.CreateInstance<TunnelKeeper>(provider, link));
            }, app =>
            {
                // For a signal that came before the host listened to signals.
                app.Lifetime.ApplicationStarted.Register(() => cancellationToken.Register(app.Lifetime.StopApplication));
                if (isNew)
                    app.Services.GetRequiredService<ILogger<ServerTrust>>().TrustedOnFirstUse(options.Server, known.Path, trust.Shown!.ToString());
            }).ConfigureAwait(false);
        }
        finally
        {
            // The keeper has done it, unless the host was told to stop before there was a keeper.
            if (!options.Keep)
                await link.RemoveAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static async Task<bool> IsUpAsync(
        ConnectOptions options, ClientInterface link, DesiredTunnel tunnel, ServerClient server, CancellationToken cancellationToken)
    {
        try
        {
            var steps = await link.SetAsync(tunnel, cancellationToken).ConfigureAwait(false);
            if (!steps.Any(step => step is ClientStep.Create))
            {
                if (await EchoProbe.AnswersAsync(options.Interface, tunnel.Gateway, KeptProof, cancellationToken).ConfigureAwait(false))
                    return true;
                await link.RenewAsync(tunnel, cancellationToken).ConfigureAwait(false);
            }
            return await EchoProbe.AnswersAsync(options.Interface, tunnel.Gateway, Proof, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!options.Keep)
        {
            await server.DisconnectAsync(tunnel.ServerPublicKey).ConfigureAwait(false);
            await link.RemoveAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<ServerClient.Reply> FirstReplyAsync(ServerClient server, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var reply = await server.ConnectAsync([], cancellationToken).ConfigureAwait(false);
            if (reply is not ServerClient.Reply.Failed { Final: false } failed || TimeProvider.System.GetElapsedTime(begun) > FirstConnect)
                return reply;
            await Task.Delay(ReconnectPace.Wait(failed, attempt, Random.Shared.NextDouble()), cancellationToken).ConfigureAwait(false);
        }
    }
}
