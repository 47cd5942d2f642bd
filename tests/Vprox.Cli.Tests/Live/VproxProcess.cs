using System.Collections.Concurrent;
using System.Diagnostics;
using Vprox.Lab.Namespaces;

namespace Vprox.Cli.Tests.Live;

/// <summary>The real command line as a process on a host of the network. A host is its namespace and its folder: state, and wireguard-go's sockets.</summary>
public sealed class VproxProcess : IDisposable
{
    private readonly ConcurrentQueue<string> _log = new();
    private readonly Process _process;

    private VproxProcess(NetworkNamespace host, string folder, string? password, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "vprox.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (password is null)
            start.Environment.Remove("VPROX_PASSWORD");
        else
            start.Environment["VPROX_PASSWORD"] = password;
        _process = host.Start(start, new BindMount(Path.Combine(folder, "sockets"), "/run/wireguard"), new BindMount(Path.Combine(folder, "state"), "/var/lib/vprox"));
        _process.OutputDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Log => string.Join('\n', _log);

    public bool HasExited => _process.HasExited;

    public static VproxProcess Start(NetworkNamespace host, string folder, string arguments, string? password = "open sesame") =>
        new(host, folder, password, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int Code, string Log)> RunAsync(NetworkNamespace host, string folder, string arguments, string? password = "open sesame")
    {
        using var process = Start(host, folder, arguments, password);
        var code = await process.EndAsync();
        return (code, process.Log);
    }

    public Task SaysAsync(string sentence) => StandAloneNetwork.UntilAsync($"\"{sentence}\" in the log:\n{Log}\n", () =>
    {
        Assert.False(HasExited && !Log.Contains(sentence, StringComparison.Ordinal), $"ended without \"{sentence}\":\n{Log}");
        return Log.Contains(sentence, StringComparison.Ordinal);
    });

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        return await EndAsync();
    }

    public async Task<int> EndAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }
}
