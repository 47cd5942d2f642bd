using System.CommandLine;
using Vprox.Cli.Connect;

namespace Vprox.Cli.Commands;

/// <summary><c>vprox connect</c>: makes an interface whose traffic leaves with a server's address.</summary>
internal static class ConnectCommand
{
    private static readonly Argument<string> Ip = new("ip") { Description = "IPv4 address of the server" };
    private static readonly Option<string> Interface = new("--interface") { Description = "name of the interface to make", DefaultValueFactory = _ => "vprox0" };
    private static readonly Option<string?> Pin = new("--pin") { Description = "sha256:… of the server's key, as it says at its start; without, the first key seen is kept" };
    private static readonly Option<int> PortBlocks = new("--port-blocks")
    {
        Description = "blocks of 256 ports to ask for: as many connections to one destination at a time, and they outlive a change of the server; 0 shares ports with others",
        DefaultValueFactory = _ => new ConnectOptions.Typed().PortBlocks,
    };
    private static readonly Option<bool> Keep = new("--keep") { Description = "leave the tunnel up at the end; the next start takes it over" };
    private static readonly Option<string> State = SharedOptions.StateDirectory();
    private static readonly Option<WireGuard.WireGuardBackend> Backend = SharedOptions.WireGuard();
    private static readonly Option<int> Port = SharedOptions.Port();

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var command = new Command("connect", $"Makes an interface whose traffic leaves with the server's address, and keeps it so. The server's password is {SharedOptions.PasswordVariable}.")
        {
            Ip, Interface, Pin, PortBlocks, Keep, State, Backend, Port,
        };
        command.SetAction((parsed, cancel) => RunAsync(parsed, cancel));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var typed = new ConnectOptions.Typed
        {
            Server = parsed.GetValue(Ip)!,
            Interface = parsed.GetValue(Interface)!,
            Pin = parsed.GetValue(Pin),
            PortBlocks = parsed.GetValue(PortBlocks),
            Keep = parsed.GetValue(Keep),
            StateDirectory = parsed.GetValue(State)!,
            WireGuard = parsed.GetValue(Backend),
            Port = parsed.GetValue(Port),
            Password = Environment.GetEnvironmentVariable(SharedOptions.PasswordVariable),
        };
        if (!ConnectOptions.TryParse(typed, out var options, out var errors))
            return await CommandLine.FailAsync("connect", errors).ConfigureAwait(false);
        if (HostCheck.WhatIsMissing(options.WireGuard) is { } missing)
            return await CommandLine.FailAsync("connect", [missing]).ConfigureAwait(false);
        using var state = StateFolder.TryOpen(options.StateDirectory, "connect", out var refusal, options.Interface);
        return state is null
            ? await CommandLine.FailAsync("connect", [refusal!]).ConfigureAwait(false)
            : await ClientProgram.RunAsync(options, state, cancellationToken).ConfigureAwait(false);
    }
}
