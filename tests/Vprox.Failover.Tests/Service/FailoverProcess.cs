using System.Diagnostics;

namespace Vprox.Failover.Tests.Service;

/// <summary>Failover as a process of its own, which can be killed without a word.</summary>
public sealed class FailoverProcess : IDisposable
{
    private readonly Process process;

    private FailoverProcess(Process process) => this.process = process;

    public static FailoverProcess Start(IEnumerable<string> settings)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Vprox.Failover.dll"));
        foreach (var setting in settings) start.ArgumentList.Add(setting);
        // Short lives: what profiling finds out is never used.
        start.Environment["DOTNET_TieredPGO"] = "0";
        var process = Process.Start(start)!;
        // Unread, its output would fill the pipe and stop it.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new FailoverProcess(process);
    }

    /// <summary>SIGKILL; back when it is gone.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>As <see cref="Kill"/>.</summary>
    public void Dispose()
    {
        Kill();
        process.Dispose();
    }
}
