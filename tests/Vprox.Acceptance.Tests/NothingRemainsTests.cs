using System.Diagnostics;
using System.Globalization;
using Vprox.Lab.Namespaces;
using Vprox.Lab.Topology;

namespace Vprox.Acceptance.Tests;

/// <summary>A lab with everything running in it ends without a trace.</summary>
public sealed class NothingRemainsTests
{
    [Fact]
    public async Task No_namespace_process_mount_or_file_of_a_lab_remains()
    {
        string name, directory;
        HashSet<int> processes;
        await using (var lab = await VproxLab.StartAsync(new LabOptions { Nodes = 1, ContainersPerWorker = 1 }))
        {
            (name, directory) = (lab.Name, lab.Directory);
            var ready = await lab.Scheduler.RequestProxyAsync("proxy", deadline: TimeSpan.FromSeconds(60));
            var routed = await lab.Scheduler.StartContainerAsync("container", lab.Workers[0].Containers[0], "proxy", TimeSpan.FromSeconds(60));
            Assert.Equal(("vprox.proxy-ready", "vprox.container-routed"), (ready.Exchange, routed.Exchange));
            processes = [.. lab.Hosts.SelectMany(host => host.Namespace.ProcessIds())];
            Assert.NotEmpty(NetworkNamespace.Names(name));
        }

        Assert.Empty(NetworkNamespace.Names(name));
        Assert.False(Directory.Exists(directory), $"{directory} is still there");
        Assert.DoesNotContain(name, await File.ReadAllTextAsync("/proc/self/mountinfo"), StringComparison.Ordinal);
        Assert.DoesNotContain(processes, IsRunning);
        Assert.DoesNotContain(Directory.EnumerateDirectories("/proc"), folder => Mentions(folder, name));
    }

    private static bool IsRunning(int id) => Directory.Exists($"/proc/{id.ToString(CultureInfo.InvariantCulture)}") && id != Environment.ProcessId && !IsZombie(id);

    private static bool IsZombie(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static bool Mentions(string folder, string name)
    {
        try
        {
            return int.TryParse(Path.GetFileName(folder), out _) && File.ReadAllText($"{folder}/cmdline").Contains(name, StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
