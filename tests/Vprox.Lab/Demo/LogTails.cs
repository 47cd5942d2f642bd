using System.Text;
using Vprox.Lab.Topology;

namespace Vprox.Lab.Demo;

/// <summary>The end of every log, for a failure whose lab is about to vanish.</summary>
internal static class LogTails
{
    private const int Lines = 12;

    public static string Of(VproxLab lab)
    {
        var text = new StringBuilder();
        foreach (var host in lab.Hosts)
            foreach (var process in host.Processes.Values)
                text.AppendLine().AppendLine($"--- {host.Name} {process.Name}{(process.IsRunning ? "" : " (ended)")}").AppendLine(process.Tail(Lines));
        return text.ToString();
    }
}
