using System.Diagnostics;
using System.Text.Json;
using Vprox.Lab.Namespaces;
using Vprox.Lab.Topology;
using Vprox.Lab.Topology.Processes;

namespace Vprox.Lab.Tests.Topology;

public sealed class LifetimeTests
{
    [Fact]
    public void The_folder_of_namespaces_is_a_mount_point_so_that_ip_netns_add_need_not_lay_one_over_ours()
    {
        using var made = NetworkNamespace.CreateRandom("first");
        Assert.Contains(File.ReadLines("/proc/self/mountinfo"), line => line.Split(' ')[4] == "/run/netns");
        made.Dispose();
        Assert.False(File.Exists(made.Path));
    }

    [Fact]
    public async Task A_disposed_lab_leaves_no_namespace_no_process_and_no_file()
    {
        var lab = await VproxLab.StartAsync(new LabOptions { Services = false, Nodes = 1, ContainersPerWorker = 1 });
        var processes = lab.Hosts.SelectMany(host => host.Processes.Values).Select(process => process.Id).ToList();
        Assert.Equal(6, NetworkNamespace.Names(lab.Name).Count);
        Assert.Equal(2, processes.Count);

        await lab.DisposeAsync();

        Assert.Empty(NetworkNamespace.Names(lab.Name));
        Assert.False(Directory.Exists(lab.Directory));
        Assert.All(processes, id => Assert.False(Directory.Exists($"/proc/{id}")));
    }

    [Fact]
    public async Task A_lab_whose_process_was_killed_is_removed_at_the_next_start()
    {
        var name = NetworkNamespace.RandomPrefix();
        var folder = Directory.CreateDirectory(Path.Combine(LabDirectory.Root, name));
        // No process has an id of 0, and none ever started at tick 0.
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "lab.json"), JsonSerializer.Serialize(new LabManifest(name, 0, 0, Kept: false)));
        var left = NetworkNamespace.Create($"{name}-node1");
        using var process = left.Start(new ProcessStartInfo("sleep") { ArgumentList = { "600" } });

        LabSweep.RemoveAbandoned();

        Assert.Empty(NetworkNamespace.Names(name));
        Assert.False(folder.Exists && Directory.Exists(folder.FullName));
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_lab_that_is_owned_or_kept_is_not_swept_away()
    {
        var kept = LabDirectory.Create(NetworkNamespace.RandomPrefix());
        var owned = LabDirectory.Create(NetworkNamespace.RandomPrefix());
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(kept.Location, "lab.json"), JsonSerializer.Serialize(kept.Manifest with { OwnerId = 0, Kept = true }));

            LabSweep.RemoveAbandoned();

            Assert.True(Directory.Exists(kept.Location));
            Assert.True(Directory.Exists(owned.Location));
        }
        finally
        {
            kept.Remove();
            owned.Remove();
        }
    }

    [Fact]
    public async Task A_process_keeps_its_log_and_its_run_folder_over_a_kill()
    {
        await using var lab = await VproxLab.StartAsync(new LabOptions { Services = false, Nodes = 1, Workers = 0 });
        var process = lab.Nodes[0].Start(new ProcessSpec(
            "service", ["sh", "-c", "cat /run/mark 2>/dev/null; echo $$ > /run/mark; exec sleep 600"], new Dictionary<string, string>()));
        var first = process.Id;
        await VproxLab.WaitForAsync("mark", () => Task.FromResult(Mark(lab.Nodes[0])), TimeSpan.FromSeconds(10));

        process.Kill9();
        Assert.False(process.IsRunning);
        process.Start();

        await VproxLab.WaitForAsync("log", () => Task.FromResult(process.Tail() is { Length: > 0 } text ? text : null), TimeSpan.FromSeconds(10));
        Assert.Equal($"{first}", process.Tail());
        Assert.False(File.Exists("/run/mark"));
    }

    [Fact]
    public async Task A_killed_node_is_silent_until_it_is_revived()
    {
        await using var lab = await VproxLab.StartAsync(new LabOptions { Services = false, Nodes = 1, Workers = 0 });
        var node = lab.Nodes[0];
        var address = node.Plan.NetworkInterfaces[0].PrimaryAddress.ToString();
        await lab.Control.ExecuteAsync("ping", "-c", "1", "-W", "5", address);

        await node.KillAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => lab.Control.ExecuteAsync("ping", "-c", "1", "-W", "1", address));
        node.Revive();

        await lab.Control.ExecuteAsync("ping", "-c", "3", "-W", "5", address);
    }

    private static string? Mark(LabNode node)
    {
        var path = Path.Combine(node.Directory, "run", "mark");
        return File.Exists(path) && File.ReadAllText(path) is { Length: > 0 } text ? text : null;
    }
}
