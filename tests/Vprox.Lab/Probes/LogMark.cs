using System.Text;
using Vprox.Lab.Topology;
using Vprox.Lab.Topology.Processes;

namespace Vprox.Lab.Probes;

/// <summary>A place in all logs of a lab, so that a failure shows what was written since and nothing older.</summary>
public sealed class LogMark
{
    private readonly VproxLab _lab;
    private readonly Dictionary<string, long> _lengths;

    private LogMark(VproxLab lab)
    {
        _lab = lab;
        _lengths = Processes(lab).ToDictionary(each => each.Process.Log, each => Length(each.Process.Log), StringComparer.Ordinal);
    }

    public static LogMark Now(VproxLab lab) => new(lab);

    /// <summary>The last lines of every service since the mark.</summary>
    public string Since(int lines = 25)
    {
        var text = new StringBuilder();
        foreach (var (host, process) in Processes(_lab))
        {
            var tail = Tail(process.Log, _lengths.GetValueOrDefault(process.Log), lines);
            if (tail.Length > 0 || !process.IsRunning)
                text.AppendLine().AppendLine($"--- {host.Name} {process.Name}{(process.IsRunning ? "" : " (ended)")}").AppendLine(tail);
        }
        return text.ToString();
    }

    private static IEnumerable<(LabHost Host, LabProcess Process)> Processes(VproxLab lab) =>
        lab.Hosts.SelectMany(host => host.Processes.Values, (host, process) => (host, process));

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private static string Tail(string path, long from, int lines)
    {
        if (!File.Exists(path))
            return "";
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = Math.Min(from, file.Length);
        using var reader = new StreamReader(file);
        return string.Join('\n', reader.ReadToEnd().TrimEnd().Split('\n').TakeLast(lines));
    }
}
