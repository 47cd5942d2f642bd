using System.CommandLine;

namespace Vprox.Bench;

/// <summary>The program: what a person types.</summary>
public static class CommandLine
{
    private const int Failed = 1;
    private const int UsageError = 64;

    /// <summary>Runs the benchmarks that are named, or all.</summary>
    /// <returns>0; 1 when one could not measure; 64 when none has that name.</returns>
    public static Task<int> RunAsync(string[] args)
    {
        var names = new Argument<string[]>("name") { Description = "which; all when none is named", Arity = ArgumentArity.ZeroOrMore };
        var json = new Option<FileInfo?>("--json") { Description = "also write the figures to this file" };
        var list = new Option<bool>("--list") { Description = "only say which there are" };
        var root = new RootCommand("Measures Vprox beside what it is compared with.") { names, json, list };
        root.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(list))
                return List();
            var wanted = parsed.GetValue(names) is { Length: > 0 } given ? given : [.. AllBenchmarks.All.Select(benchmark => benchmark.Name)];
            var chosen = AllBenchmarks.All.Where(benchmark => wanted.Contains(benchmark.Name)).ToList();
            if (wanted.Except(chosen.Select(benchmark => benchmark.Name)).ToList() is { Count: > 0 } unknown)
            {
                await Console.Error.WriteLineAsync($"no benchmark is called {string.Join(" or ", unknown)}; --list says which there are");
                return UsageError;
            }
            return await RunAsync(chosen, parsed.GetValue(json), cancel);
        });
        // Ctrl-C leaves the lab time to end: what it started must not outlive it.
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
    }

    private static int List()
    {
        foreach (var benchmark in AllBenchmarks.All)
            Console.WriteLine($"{benchmark.Name,-20}{benchmark.Method}");
        return 0;
    }

    private static async Task<int> RunAsync(IReadOnlyList<IBenchmark> benchmarks, FileInfo? json, CancellationToken cancel)
    {
        var report = new BenchmarkReport(Console.Out);
        var failed = false;
        Console.WriteLine($"machine: {Machine.Describe()}");
        foreach (var benchmark in benchmarks)
        {
            Console.WriteLine($"\n{benchmark.Name}\n  method: {benchmark.Method}");
            try
            {
                await benchmark.RunAsync(report, cancel);
            }
            catch (BenchmarkException failure)
            {
                failed = true;
                await Console.Error.WriteLineAsync($"  {benchmark.Name} failed: {failure.Message}");
            }
            // Each time anew: an interrupted run leaves the figures it got.
            if (json is not null)
                await File.WriteAllTextAsync(json.FullName, report.Json(), cancel);
        }
        return failed ? Failed : 0;
    }
}
