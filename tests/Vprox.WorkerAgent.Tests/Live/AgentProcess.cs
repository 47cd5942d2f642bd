using System.Collections.Concurrent;
using System.Diagnostics;
using Vprox.Lab.Namespaces;

namespace Vprox.WorkerAgent.Tests.Live;

/// <summary>The real worker agent as a process in the worker's namespace.</summary>
public sealed class AgentProcess : IDisposable
{
    private readonly NetworkNamespace _worker;
    private readonly string _broker;
    private readonly string _workerId;
    private readonly string _folder = Directory.CreateTempSubdirectory("vprox-worker-").FullName;
    private readonly Dictionary<string, string> _settings;
    private readonly ConcurrentQueue<string> _log = new();
    private Process? _process;

    public AgentProcess(NetworkNamespace worker, string broker, string workerId, Dictionary<string, string>? settings = null)
    {
        (_worker, _broker, _workerId, _settings) = (worker, broker, workerId, settings ?? []);
        Start();
    }

    public string Log => string.Join('\n', _log);

    /// <summary>The agent's journal.</summary>
    public string Journal => Path.Combine(_folder, "state", "journal.json");

    /// <summary>The socket of an interface's wireguard-go.</summary>
    public string SocketOf(string link) => Path.Combine(_folder, "sockets", $"{link}.sock");

    public void Start() => _process = Launch([]);

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM, as systemd stops it.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process!.Id}"]);
        await kill.WaitForExitAsync();
        return await EndAsync();
    }

    /// <summary>Waits until it ends by itself.</summary>
    public async Task<int> EndAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _process!.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>Runs the command teardown to its end.</summary>
    public async Task<int> TeardownAsync()
    {
        using var teardown = Launch(["teardown"]);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await teardown.WaitForExitAsync(deadline.Token);
        return teardown.ExitCode;
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
            Kill();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Process Launch(string[] command)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Vprox.WorkerAgent.dll"), .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["Bus__Uri"] = _broker;
        start.Environment["Health__Url"] = "http://127.0.0.1:9101";
        start.Environment["WorkerAgent__WorkerId"] = _workerId;
        start.Environment["WorkerAgent__StateDirectory"] = Path.Combine(_folder, "state");
        foreach (var (name, value) in _settings)
            start.Environment[$"WorkerAgent__{name}"] = value;
        // wireguard-go's sockets are per machine; each worker has its own folder for them, the same after a restart.
        var process = _worker.Start(start, new BindMount(Path.Combine(_folder, "sockets"), "/run/wireguard"));
        process.OutputDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
