using System.CommandLine;
using Vprox.Bus.Hosting;
using Vprox.Cli.Server;
using Vprox.NodeAgent.Https;

namespace Vprox.Cli.Commands;

/// <summary><c>vprox server</c>: serves addresses of this host to whoever knows the password.</summary>
internal static class ServerCommand
{
    private static readonly Option<string[]> Ip = new("--ip") { Description = "IPv4 address of this host to serve; may be given several times" };
    private static readonly Option<string> Block = new("--wg-block")
    {
        Description = "block of inner addresses, cut into a /22 for each --ip",
        DefaultValueFactory = _ => ServerOptions.DefaultBlock,
    };
    private static readonly Option<string> BlockPerIp = new("--wg-block-per-ip")
    {
        Description = "prefix length of an --ip's share of the block; /22 is the only one",
        DefaultValueFactory = _ => "/22",
    };
    private static readonly Option<string?> Cloud = new("--cloud") { Description = "aws: serve the addresses that EC2 associates with a public one, and follow changes" };
    private static readonly Option<string> Metadata = new("--metadata-url") { Description = "where EC2's IMDS answers", DefaultValueFactory = _ => "http://169.254.169.254" };
    private static readonly Option<string[]> Allow = new("--allow") { Description = "private network that tunnels may reach, e.g. 10.0.0.0/8; may be given several times" };
    private static readonly Option<bool> Standby = new("--standby") { Description = "start although an --ip is not on this host, and serve it whenever it is" };
    private static readonly Option<bool> Down = new("--down") { Description = "remove everything of vprox from the kernel and end; stop the server first" };
    private static readonly Option<string> State = SharedOptions.StateDirectory();
    private static readonly Option<WireGuard.WireGuardBackend> Backend = SharedOptions.WireGuard();
    private static readonly Option<int> Port = SharedOptions.Port();

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var command = new Command("server", $"Serves addresses of this host to clients that know {SharedOptions.PasswordVariable}. Stopping it leaves tunnels up.")
        {
            Ip, Block, BlockPerIp, Cloud, Metadata, Allow, Standby, Down, State, Backend, Port,
        };
        command.SetAction((parsed, cancel) => RunAsync(parsed, cancel));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Down))
            return await ServerTeardown.RunAsync(parsed.GetValue(Backend), cancellationToken).ConfigureAwait(false);
        var typed = new ServerOptions.Typed
        {
            Addresses = parsed.GetValue(Ip) ?? [],
            Block = parsed.GetValue(Block)!,
            BlockPerAddress = parsed.GetValue(BlockPerIp)!,
            Cloud = parsed.GetValue(Cloud),
            MetadataUrl = parsed.GetValue(Metadata)!,
            Allowed = parsed.GetValue(Allow) ?? [],
            Standby = parsed.GetValue(Standby),
            StateDirectory = parsed.GetValue(State)!,
            WireGuard = parsed.GetValue(Backend),
            Port = parsed.GetValue(Port),
            Password = Environment.GetEnvironmentVariable(SharedOptions.PasswordVariable),
        };
        if (!ServerOptions.TryParse(typed, out var options, out var errors))
            return await CommandLine.FailAsync("server", errors).ConfigureAwait(false);
        if (ServerCheck.WhatIsMissing(options) is { } missing)
            return await CommandLine.FailAsync("server", [missing]).ConfigureAwait(false);
        using var state = StateFolder.TryOpen(options.StateDirectory, "server", out var refusal);
        return state is null
            ? await CommandLine.FailAsync("server", [refusal!]).ConfigureAwait(false)
            : await VproxHost.RunAsync("server", [], host => host.AddServer(options, state), app => app.MapHttpsEndpoints()).ConfigureAwait(false);
    }
}
