using Vprox.Lab.Topology;

namespace Vprox.Scenarios.Running;

/// <summary>Saves the logs of a run that failed: the lab's own folder goes with the lab.</summary>
internal static class KeptLogs
{
    private static string Root { get; } = Path.Combine(Path.GetTempPath(), "vprox-scenarios");

    /// <returns>The folder, with one for each host.</returns>
    public static string Keep(VproxLab lab, string scenario)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Root, $"{scenario}-{Guid.NewGuid().ToString("N")[..8]}"));
        foreach (var host in lab.Hosts)
            foreach (var log in Directory.EnumerateFiles(host.Directory, "*.log"))
                File.Copy(log, Path.Combine(folder.CreateSubdirectory(host.Name).FullName, Path.GetFileName(log)));
        return folder.FullName;
    }
}
