using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Vprox.Bench.Nodes;

namespace Vprox.Bench.Connects;

/// <summary>wrk(1), the load generator.</summary>
internal static class Wrk
{
    private const int Threads = 2;
    private const int Connections = 100;
    private const string Duration = "10s";

    /// <summary>What came of a run.</summary>
    /// <param name="Good">Connects that were answered 200.</param>
    /// <param name="Failed">Others.</param>
    /// <param name="Duration">How long it ran.</param>
    /// <param name="Failures">The others by kind.</param>
    public sealed record Result(long Good, long Failed, TimeSpan Duration, string Failures);

    /// <exception cref="BenchmarkException">It is not installed.</exception>
    public static void RequireInstalled()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("wrk", "--version") { RedirectStandardOutput = true, RedirectStandardError = true });
            process!.WaitForExit();
        }
        catch (Win32Exception)
        {
            throw new BenchmarkException("wrk is not installed: apt-get install wrk");
        }
    }

    /// <summary>Runs it in the client's namespace until its time is over or the grants are used up.</summary>
    public static async Task<Result> RunAsync(NodeHost host, IPEndPoint server, IReadOnlyList<GrantSupply.Item> grants, CancellationToken cancel)
    {
        var file = Path.Combine(host.Directory, "grants");
        await File.WriteAllLinesAsync(file, grants.Select(grant => $"{grant.Key} {grant.Token}"), cancel);
        var start = new ProcessStartInfo("wrk") { RedirectStandardOutput = true };
        foreach (var word in (string[])["-t", $"{Threads}", "-c", $"{Connections}", "-d", Duration, "--timeout", "10s",
            "-s", Path.Combine(AppContext.BaseDirectory, "Connects", "connect.lua"), $"https://{server}/connect", "--", file, $"{Threads}"])
            start.ArgumentList.Add(word);
        using var process = host.Client.Start(start);
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        var line = output.Split('\n').FirstOrDefault(text => text.StartsWith("result ", StringComparison.Ordinal))
            ?? throw new BenchmarkException($"wrk ended with {process.ExitCode}: {output}");
        var numbers = line.Split(' ').Skip(1).Select(word => long.Parse(word, CultureInfo.InvariantCulture)).ToList();
        var failed = numbers.Skip(2).Sum();
        // A refusal is counted as a request too.
        return new Result(numbers[0] - numbers[5], failed, TimeSpan.FromMicroseconds(numbers[1]),
            $"connect {numbers[2]}, read {numbers[3]}, write {numbers[4]}, status {numbers[5]}, timeout {numbers[6]}");
    }
}
