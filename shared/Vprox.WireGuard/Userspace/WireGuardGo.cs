using System.ComponentModel;
using System.Diagnostics;

namespace Vprox.WireGuard.Userspace;

/// <summary>Starts wireguard-go, which makes the interface, opens its socket and goes on in the background by itself.</summary>
internal sealed class WireGuardGo(HomeNamespace home, TimeProvider time)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>Variables by which wireguard-go would stay in the foreground, take over files we do not give it, or hold our pipes open.</summary>
    private static readonly string[] Unwanted = ["WG_PROCESS_FOREGROUND", "WG_TUN_FD", "WG_UAPI_FD", "LOG_LEVEL"];

    /// <summary>True when wireguard-go is on PATH.</summary>
    public static bool IsInstalled() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, "wireguard-go")));

    /// <summary>Returns once the interface and the socket are there.</summary>
    /// <exception cref="WireGuardException">It ended with an error, or did not come up in time.</exception>
    public async Task StartAsync(string name, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var process = Launch(name);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(either.Token);
            var error = process.StandardError.ReadToEndAsync(either.Token);
            await process.WaitForExitAsync(either.Token);
            if (process.ExitCode != 0)
                throw new WireGuardException($"wireguard-go {name} ended with {process.ExitCode}: {Words(await output + await error)}");
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            Stop(process);
            throw new WireGuardException($"wireguard-go {name} was not up after {Deadline.TotalSeconds} s");
        }
        catch (OperationCanceledException)
        {
            Stop(process);
            throw;
        }
    }

    /// <summary>
    /// wireguard-go does not leave its parent's session, so that Ctrl-C on the agent's terminal would end it: setsid(1) of util-linux
    /// gives it one of its own. Its own standard files are /dev/null then (main.go), so nothing ties it to the agent.
    /// </summary>
    private Process Launch(string name)
    {
        var start = new ProcessStartInfo("setsid", ["--wait", "wireguard-go", name])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var variable in Unwanted)
            start.Environment.Remove(variable);
        try
        {
            return home.Run(() => Process.Start(start)!);
        }
        catch (Win32Exception e)
        {
            throw new WireGuardException($"wireguard-go {name} could not be started by setsid(1) of util-linux: {e.Message}", e);
        }
    }

    private static void Stop(Process process)
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
    }

    /// <summary>Its error, on one line, without the frame in which it praises the kernel's WireGuard.</summary>
    private static string Words(string output) => string.Join("; ", output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Where(line => line[0] is not ('┌' or '│' or '└')));
}
