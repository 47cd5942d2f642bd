using System.Diagnostics;
using static Tmds.Linux.LibC;

namespace Vprox.Lab.Topology.Processes;

/// <summary>A service of the lab: a process that can be killed, stopped and started again with the same options and state.</summary>
public sealed class LabProcess(LabHost host, ProcessSpec spec) : IDisposable
{
    private Process? _process;

    public string Name => spec.Name;

    /// <summary>The file that gets its standard output and error.</summary>
    public string Log { get; } = Path.Combine(host.Directory, $"{spec.Name}.log");

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Its process id; the program's own, not a shell's.</summary>
    public int Id => _process?.Id ?? throw new InvalidOperationException($"{Name} was not started");

    /// <summary>Starts it, unless it runs.</summary>
    public void Start()
    {
        if (IsRunning)
            return;
        // A session of its own: Ctrl-C in the terminal is for the lab, which then ends its processes in order.
        var start = new ProcessStartInfo("setsid") { WorkingDirectory = host.Directory };
        foreach (var word in (string[])["sh", "-c", "exec \"$@\" </dev/null >>\"$LAB_LOG\" 2>&1", "sh"])
            start.ArgumentList.Add(word);
        foreach (var word in spec.Command)
            start.ArgumentList.Add(word);
        start.Environment["LAB_LOG"] = Log;
        // A dozen runtimes share a small machine for a minute: profiling never pays back, and a heap per core is not needed.
        start.Environment["DOTNET_TieredPGO"] = "0";
        // The agents' wireguard-go: a thread for each core in each of dozens of them, and they wake each other more than they encrypt.
        start.Environment["GOMAXPROCS"] = "1";
        start.Environment["DOTNET_gcServer"] = "0";
        foreach (var (key, value) in spec.Environment)
            start.Environment[key] = value;
        // wireguard-go and the agents keep sockets and state in /run: each host has its own, on disk, so a restart finds them.
        _process = host.Namespace.Start(start, new Namespaces.BindMount(Path.Combine(host.Directory, "run"), "/run"));
    }

    /// <summary>SIGKILL; back when it is gone.</summary>
    public void Kill9()
    {
        if (!IsRunning)
            return;
        _process!.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGSTOP: it stands still with all that it holds, as after a long pause of its machine, until <see cref="Resume"/>.</summary>
    public void Pause() => Signal(SIGSTOP);

    /// <summary>SIGCONT.</summary>
    public void Resume() => Signal(SIGCONT);

    /// <summary>SIGTERM; back when it is gone.</summary>
    public async Task StopAsync(CancellationToken cancel = default)
    {
        if (!IsRunning)
            return;
        Signal(SIGTERM);
        await _process!.WaitForExitAsync(cancel);
    }

    /// <summary>Stops it if it runs and starts it again.</summary>
    public async Task RestartAsync(CancellationToken cancel = default)
    {
        await StopAsync(cancel);
        Start();
    }

    /// <summary>The last lines of its log.</summary>
    public string Tail(int lines = 20)
    {
        if (!File.Exists(Log))
            return "";
        using var reader = new StreamReader(new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return string.Join('\n', reader.ReadToEnd().TrimEnd().Split('\n').TakeLast(lines));
    }

    public void Dispose() => _process?.Dispose();

    private void Signal(int signal)
    {
        if (IsRunning)
            _ = kill(_process!.Id, signal);
    }
}
