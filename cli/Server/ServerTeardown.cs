using Vprox.Cli.Commands;
using Vprox.NodeAgent.Adapters.Kernel;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.WireGuard;

namespace Vprox.Cli.Server;

/// <summary><c>vprox server --down</c>.</summary>
internal static class ServerTeardown
{
    /// <summary>Removes everything of a server from the kernel, and nothing else.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(WireGuardBackend backend, CancellationToken cancellationToken)
    {
        if (HostCheck.WhatIsMissing(backend) is { } missing)
            return await CommandLine.FailAsync("server", [missing]).ConfigureAwait(false);
        using var kernel = NodeDataPlane.Open(new DataPlaneOptions([]), backend);
        await kernel.TeardownAsync(cancellationToken).ConfigureAwait(false);
        await Console.Out.WriteLineAsync("Everything of vprox's servers was removed from the kernel; the keys stay.").ConfigureAwait(false);
        return 0;
    }
}
