using System.CommandLine;

namespace Vprox.Cli.Commands;

/// <summary>What a person types.</summary>
public static class CommandLine
{
    /// <summary>Something is wrong with the command, the host or the server: one sentence on standard error says what.</summary>
    public const int Failed = 1;

    /// <summary>Runs a command to its end.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Static outbound IPv4 addresses through WireGuard.") { ServerCommand.Create(), ConnectCommand.Create() };
        // The host takes SIGTERM itself, and has its own time for what is under way.
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    /// <summary>Says what is wrong.</summary>
    public static async Task<int> FailAsync(string command, IEnumerable<string> errors)
    {
        foreach (var error in errors)
            await Console.Error.WriteLineAsync($"vprox {command}: {error}").ConfigureAwait(false);
        return Failed;
    }
}
