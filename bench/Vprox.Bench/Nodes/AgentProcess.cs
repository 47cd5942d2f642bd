using System.Diagnostics;
using System.Globalization;
using Vprox.Identity;
using Vprox.Lab.Namespaces;
using Vprox.Lab.Topology;
using Vprox.NodeAgent.Adapters.State;
using Vprox.NodeAgent.Core.Placements;

namespace Vprox.Bench.Nodes;

/// <summary>
/// The real NodeAgent in a namespace, with the runtime settings it is shipped with. It knows its placements from its journal; no broker answers it,
/// as in an outage of RabbitMQ.
/// </summary>
public sealed class AgentProcess : IDisposable
{
    private const int ClockTicksPerSecond = 100;
    private readonly Process _process;

    private AgentProcess(Process process, string log) => (_process, Log) = (process, log);

    /// <summary>The file that gets its log.</summary>
    public string Log { get; }

    public static string StateDirectory(NodeHost host) => Path.Combine(host.Directory, "state");

    /// <summary>The node's sealing key, made on the first call.</summary>
    public static SealingKey SealingKey(NodeHost host) =>
        Vprox.Identity.SealingKey.LoadOrCreate(Path.Combine(NodeDirectory.Open(StateDirectory(host), NodeInput.NodeId), "sealing.key"));

    /// <summary>Writes the journal and starts the agent.</summary>
    public static AgentProcess Start(NodeHost host, NodeInput input)
    {
        new NodeJournal(NodeDirectory.Open(StateDirectory(host), NodeInput.NodeId))
            .Write([.. input.Placements.Select(placement => new HeldPlacement(placement, 0))], upTo: 0, lastZone: null);
        var log = Path.Combine(host.Directory, "node-agent.log");
        var start = new ProcessStartInfo("sh") { WorkingDirectory = host.Directory };
        foreach (var word in (string[])["-c", $"exec \"$@\" >'{log}' 2>&1", "sh", .. Programs.Service("NodeAgent")])
            start.ArgumentList.Add(word);
        start.Environment["NodeAgent__MetadataUrl"] = $"http://{InstanceMetadata.Address}";
        start.Environment["NodeAgent__StateDirectory"] = StateDirectory(host);
        start.Environment["Health__Url"] = "http://127.0.0.1:9000";
        start.Environment["Bus__Uri"] = "amqp://guest:guest@127.0.0.1:9/";
        start.Environment["MASSTRANSIT_USAGE_TELEMETRY"] = "false";
        return new AgentProcess(host.Node.Start(start, new BindMount(Path.Combine(host.Directory, "run"), "/run")), log);
    }

    /// <summary>Processor time used so far, kernel's included (proc(5), /proc/PID/stat).</summary>
    public TimeSpan ProcessorTime()
    {
        var text = File.ReadAllText($"/proc/{_process.Id}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds((double)ticks / ClockTicksPerSecond);
    }

    /// <summary>Resident memory now, in MB of a million bytes.</summary>
    /// <param name="field">VmRSS for all, RssAnon for what is not files mapped from disk (proc(5)).</param>
    public double ResidentMegabytes(string field = "VmRSS")
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith($"{field}:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }

    /// <summary>Waits for a sentence in the log.</summary>
    public async Task WaitForAsync(string sentence, TimeSpan atMost, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        while (!File.Exists(Log) || !(await File.ReadAllTextAsync(Log, cancel)).Contains(sentence, StringComparison.Ordinal))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(started) > atMost)
                throw new BenchmarkException($"NodeAgent never said \"{sentence}\": {string.Join('\n', (await File.ReadAllLinesAsync(Log, cancel)).TakeLast(5))}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancel);
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
    }
}
