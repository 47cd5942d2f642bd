using System.Diagnostics;
using Vprox.Lab.Topology;

namespace Vprox.Lab.Demo;

/// <summary>`Vprox.Lab demo`: the whole path once, step by step. Ends with 0, or with 1 and the reason.</summary>
public static class DemoProgram
{
    public static async Task<int> RunAsync(bool keep, CancellationToken cancel)
    {
        var screen = new Screen(Console.Out);
        var started = Stopwatch.GetTimestamp();
        VproxLab? lab = null;
        var done = false;
        try
        {
            screen.Title("The lab");
            lab = await VproxLab.StartAsync(new LabOptions { Keep = keep, Progress = screen.Progress }, cancel);
            screen.Say($"up after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s: {lab.Nodes.Count} proxy nodes, "
                + $"{lab.Workers.Count} worker with {lab.Workers[0].Containers.Count} containers, each a network namespace");
            await new DemoSteps(lab, screen).RunAsync(cancel);
            screen.Say($"Done in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s.");
            if (keep)
                KeptLab.Describe(lab, screen);
            done = true;
            return 0;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            screen.Say("Interrupted; removing the lab.");
            return 130;
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync($"\nThe demo failed: {exception.Message}");
            if (lab is not null)
                await Console.Error.WriteLineAsync(LogTails.Of(lab));
            return 1;
        }
        finally
        {
            if (lab is not null)
            {
                await lab.DisposeAsync();
                // A lab to be looked at is kept; one that failed or was interrupted is not.
                if (keep && !done)
                    LabSweep.Remove(lab.Name);
            }
        }
    }
}
