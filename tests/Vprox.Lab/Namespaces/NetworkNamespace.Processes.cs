using System.ComponentModel;
using System.Diagnostics;

namespace Vprox.Lab.Namespaces;

public sealed partial class NetworkNamespace
{
    /// <summary>
    /// Starts a program inside the namespace. With mounts it gets a mount namespace of its own in which they are made; what is written
    /// through them stays in the source folders, so the next start finds it. Its id is the program's own: nsenter and unshare exec it.
    /// Redirections, environment and folder are taken from <paramref name="start"/>.
    /// </summary>
    public Process Start(ProcessStartInfo start, params IReadOnlyList<BindMount> mounts)
    {
        var inner = new List<string> { start.FileName };
        inner.AddRange(start.ArgumentList);
        start.ArgumentList.Clear();
        start.FileName = "nsenter";
        start.ArgumentList.Add($"--net={Path}");
        if (mounts.Count > 0)
        {
            foreach (var word in (string[])["unshare", "--mount", "--propagation", "slave", "sh", "-c", MountScript(mounts), "sh"])
                start.ArgumentList.Add(word);
        }
        foreach (var word in inner)
            start.ArgumentList.Add(word);
        return Process.Start(start) ?? throw new InvalidOperationException($"{inner[0]} did not start");
    }

    /// <summary>Runs a program to its end and returns what it printed; a failure throws with what it said.</summary>
    public string Execute(string program, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Start(start);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode} in {Name}: {error.GetAwaiter().GetResult()}{output}");
    }

    private static string MountScript(IReadOnlyList<BindMount> mounts) =>
        string.Concat(mounts.Select(mount => $"mkdir -p {Quote(mount.Source)} {Quote(mount.Target)} && mount --bind {Quote(mount.Source)} {Quote(mount.Target)} && "))
        + "exec \"$@\"";

    private static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    // A process may start another between the listing and its end, so this goes on until none is left.
    private void EndProcesses()
    {
        var deadline = TimeSpan.FromSeconds(10);
        var started = Stopwatch.GetTimestamp();
        while (ProcessIds() is { Count: > 0 } ids && Stopwatch.GetElapsedTime(started) < deadline)
        {
            foreach (var id in ids)
                End(id);
        }
    }

    private static void End(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            process.WaitForExit(TimeSpan.FromSeconds(2));
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It ended by itself meanwhile.
        }
    }
}
