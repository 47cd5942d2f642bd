using Vprox.Bus.Hosting;
using Vprox.WorkerAgent.Adapters.Journal;
using Vprox.WorkerAgent.Adapters.Kernel;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent;

/// <summary>The command teardown: leaves nothing of ours in the kernel. What was closed is open afterwards.</summary>
public static class Teardown
{
    /// <summary>Removes everything; the agent must not run.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await using var app = await VproxHost.BuildAsync("worker-agent", args, host =>
            {
                host.AddWorkerKernel();
            });
            var journal = app.Services.GetRequiredService<JournalFile>();
            var kernel = app.Services.GetRequiredService<IWorkerKernel>();
            var steps = WorkerPlanner.Teardown(await kernel.ReadAsync(everything: true, CancellationToken.None));
            await kernel.ApplyAsync(steps, CancellationToken.None);
            journal.Delete();
            Console.WriteLine($"Removed everything of Vprox in {steps.Count} steps.");
            return 0;
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            await Console.Error.WriteLineAsync($"teardown failed: {failed.Message}");
            return 1;
        }
    }
}
