using Vprox.Bus.Hosting;
using Vprox.Cli.Commands;
using Vprox.Identity;
using Vprox.Netlink;
using Vprox.Nftables;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Adapters.Nodes;

namespace Vprox.Cli.Connect;

/// <summary>A client from its first request to its last.</summary>
internal static class ClientProgram
{
    private const int KeySize = 32;
    private static readonly TimeSpan FirstConnect = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan[] Proof = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(500), 12)];

    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ConnectOptions options, StateFolder folder, CancellationToken cancellationToken)
    {
        var known = new KnownServers(Path.Combine(folder.Path, "known_servers"));
        try
        {
            var key = new WireGuardPrivateKey(KeyFile.LoadOrCreate(Path.Combine(folder.Path, $"{options.Interface}.key"), KeySize));
            var trust = new ServerTrust(options.Server, options.Pin, known);
            using var link = new ClientInterface(options.Interface, options.WireGuard);
            if (await link.WhyNotOursAsync(key, cancellationToken).ConfigureAwait(false) is { } foreign)
                return await CommandLine.FailAsync("connect", [foreign]).ConfigureAwait(false);
            var server = new ServerClient(options, key, trust, TimeProvider.System);
            return await RunAsync(options, link, server, trust, known, cancellationToken).ConfigureAwait(false);
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
        var isNew = trust.Keep();
        await link.SetAsync(agreed.Tunnel, cancellationToken).ConfigureAwait(false);
        if (!await EchoProbe.AnswersAsync(options.Interface, agreed.Tunnel.Gateway, Proof, cancellationToken).ConfigureAwait(false))
        {
            await link.RemoveAsync(CancellationToken.None).ConfigureAwait(false);
            return await CommandLine.FailAsync("connect", [
                $"{options.Server} agreed, and no WireGuard handshake happened: is UDP port {agreed.Tunnel.Endpoint.Port} open on the way to it?"]).ConfigureAwait(false);
        }
        return await VproxHost.RunAsync("connect", [], host =>
        {
            host.Services.AddSingleton(options).AddSingleton(server).AddSingleton(agreed.Tunnel);
            host.Services.AddHostedService(provider => ActivatorUtilities.CreateInstance<TunnelKeeper>(provider, link));
        }, app =>
        {
            if (isNew)
                app.Services.GetRequiredService<ILogger<ServerTrust>>().TrustedOnFirstUse(options.Server, known.Path, trust.Shown!.ToString());
        }).ConfigureAwait(false);
    }

    private static async Task<ServerClient.Reply> FirstReplyAsync(ServerClient server, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var reply = await server.ConnectAsync([], cancellationToken).ConfigureAwait(false);
            if (reply is not ServerClient.Reply.Failed { Final: false } failed || TimeProvider.System.GetElapsedTime(begun) > FirstConnect)
                return reply;
            await Task.Delay(failed.RetryAfter ?? Pause, cancellationToken).ConfigureAwait(false);
        }
    }
}
