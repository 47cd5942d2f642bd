using Vprox.Lab.Probes;
using Vprox.Lab.Topology;

namespace Vprox.Scenarios.Running;

/// <summary>Saves the logs of a run that failed, and what the kernels held then: the lab's own folder goes with the lab.</summary>
internal static class KeptLogs
{
    private static string Root { get; } = Path.Combine(Path.GetTempPath(), "vprox-scenarios");

    /// <returns>The folder, with one for each host.</returns>
    public static async Task<string> KeepAsync(VproxLab lab, string scenario)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Root, $"{scenario}-{Guid.NewGuid().ToString("N")[..8]}"));
        foreach (var host in lab.Hosts)
        {
            var kept = folder.CreateSubdirectory(host.Name);
            foreach (var log in Directory.EnumerateFiles(host.Directory, "*.log"))
                File.Copy(log, Path.Combine(kept.FullName, Path.GetFileName(log)));
            await File.WriteAllTextAsync(Path.Combine(kept.FullName, "kernel.txt"), await KernelPicture.TextAsync(host));
        }
        return folder.FullName;
    }
}
