using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Vprox.Netlink;

namespace Vprox.Bench;

/// <summary>A program that runs a command under another kernel on the same file system, such as eng/test-kernel.sh takes: for what this kernel lacks.</summary>
public sealed class KernelRunner
{
    /// <summary>The environment variable that names it.</summary>
    public const string Variable = "VPROX_KERNEL_RUNNER";

    private readonly string _program;

    private KernelRunner(string program) => _program = program;

    /// <summary>The one that is named; null when none is.</summary>
    public static KernelRunner? Named() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } program ? new KernelRunner(program) : null;

    /// <summary>Whether none is needed for WireGuard in the kernel.</summary>
    public static bool KernelHasWireGuard()
    {
        using var generic = GenericNetlink.Open();
        return generic.Family("wireguard") is not null;
    }

    /// <summary>Runs a benchmark there, and reports what it reported, in its order.</summary>
    public async Task RunAsync(string benchmark, BenchmarkReport report, CancellationToken cancel)
    {
        var json = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(_program) { RedirectStandardOutput = true, RedirectStandardInput = true };
            foreach (var word in (string[])["dotnet", Path.Combine(AppContext.BaseDirectory, "Vprox.Bench.dll"), benchmark, "--json", json])
                start.ArgumentList.Add(word);
            start.Environment.Remove(Variable);
            using var process = Process.Start(start) ?? throw new BenchmarkException($"{_program} did not start");
            var output = await process.StandardOutput.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            if (process.ExitCode != 0)
                throw new BenchmarkException($"{_program} ended with {process.ExitCode}: {output}");
            Replay(output, JsonNode.Parse(await File.ReadAllTextAsync(json, cancel))!["results"]!.AsArray(), report);
        }
        finally
        {
            File.Delete(json);
        }
    }

    private static void Replay(string output, JsonArray figures, BenchmarkReport report)
    {
        var byName = figures.ToDictionary(figure => (string)figure!["figure"]!);
        foreach (var line in output.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith("method:", StringComparison.Ordinal)))
        {
            if (byName.GetValueOrDefault(line.Split(' ')[0]) is { } figure)
                report.Add((string)figure["figure"]!, Number(figure["value"])!.Value, (string)figure["unit"]!, Number(figure["peer"]), (string?)figure["method"]);
            else if (line.StartsWith("machine:", StringComparison.Ordinal))
                report.Remark($"there, {line}");
            else if (line.Contains(' ', StringComparison.Ordinal))
                report.Remark(line);
        }
    }

    private static double? Number(JsonNode? node) => node is null ? null : double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);
}
