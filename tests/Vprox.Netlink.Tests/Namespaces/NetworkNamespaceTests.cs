using System.Diagnostics;
using Vprox.Lab.Namespaces;

namespace Vprox.Netlink.Tests.Namespaces;

public sealed class NetworkNamespaceTests
{
    [Fact]
    public void Ip_sees_a_namespace_with_loopback_up_until_it_is_disposed()
    {
        var name = $"{NetworkNamespace.RandomPrefix()}-seen";
        using (var made = NetworkNamespace.Create(name))
        {
            Assert.Contains(name, made.Execute("ip", "netns", "list"), StringComparison.Ordinal);
            Assert.Contains("UP", made.Execute("ip", "link", "show", "lo"), StringComparison.Ordinal);
        }
        Assert.False(File.Exists($"/run/netns/{name}"));
    }

    [Fact]
    public void The_first_ip_netns_add_of_a_machine_does_not_hide_it()
    {
        using var made = NetworkNamespace.CreateRandom("shared");

        // `ip netns add` mounts its folder over itself unless that is a shared mount already (iproute2, netns_add).
        Assert.Contains(File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')),
            mount => mount[4] == "/run/netns" && mount.Any(field => field.StartsWith("shared:", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_name_that_is_taken_is_refused_and_the_namespace_of_that_name_stays()
    {
        using var first = NetworkNamespace.CreateRandom("taken");

        Assert.Throws<IOException>(() => NetworkNamespace.Create(first.Name));

        Assert.Equal("lo", Assert.Single(first.Links()).Name);
    }

    [Fact]
    public void A_namespace_that_was_left_behind_is_found_and_deleted()
    {
        var prefix = NetworkNamespace.RandomPrefix();
        using var left = NetworkNamespace.Create($"{prefix}-left");

        var name = Assert.Single(NetworkNamespace.Names(prefix));
        using (var taken = NetworkNamespace.Open(name))
            Assert.Equal("lo", Assert.Single(taken.Links()).Name);

        Assert.Empty(NetworkNamespace.Names(prefix));
        Assert.Throws<FileNotFoundException>(() => NetworkNamespace.Open(name));
    }

    [Fact]
    public void Code_runs_inside_and_the_calling_thread_stays_outside()
    {
        using var made = NetworkNamespace.CreateRandom("run");
        using (var route = made.Run(RouteNetlink.Open))
            route.Execute(new AddLink("inside0", LinkKind.Bridge));

        using var outside = RouteNetlink.Open();

        Assert.Contains(made.Links(), link => link.Name == "inside0");
        Assert.Null(outside.Link("inside0"));
    }

    [Fact]
    public async Task Asynchronous_code_stays_inside_across_its_awaits()
    {
        using var made = NetworkNamespace.CreateRandom("async");
        using (var route = made.Run(RouteNetlink.Open))
            route.Execute(new AddLink("inside0", LinkKind.Bridge));

        var found = await made.RunAsync(async () =>
        {
            await Task.Yield();
            await Task.Delay(TimeSpan.FromMilliseconds(1));
            using var route = RouteNetlink.Open();
            return route.Link("inside0");
        });

        Assert.NotNull(found);
    }

    [Fact]
    public void A_failure_inside_reaches_the_caller()
    {
        using var made = NetworkNamespace.CreateRandom("fail");

        var thrown = Assert.Throws<FormatException>(() => made.Run(int () => throw new FormatException("inside")));

        Assert.Equal("inside", thrown.Message);
    }

    [Fact]
    public void Disposing_ends_the_processes_inside_also_those_that_left_their_parent()
    {
        var made = NetworkNamespace.CreateRandom("procs");
        using var shell = made.Start(new ProcessStartInfo("sh") { ArgumentList = { "-c", "setsid sleep 600 & exec sleep 600" } });
        Assert.True(SpinWait.SpinUntil(() => made.ProcessIds().Count == 2, TimeSpan.FromSeconds(20)));
        var ids = made.ProcessIds();
        Assert.Contains(shell.Id, ids);

        made.Dispose();

        Assert.All(ids, id => Assert.False(IsSleeping(id)));
    }

    [Fact]
    public void A_bind_mount_is_private_to_the_process_and_what_is_written_stays_for_the_next()
    {
        using var made = NetworkNamespace.CreateRandom("mount");
        var folder = Directory.CreateTempSubdirectory("vprox-mount-").FullName;
        try
        {
            var mount = new BindMount(folder, "/run/wireguard");
            using (var writer = made.Start(new ProcessStartInfo("sh") { ArgumentList = { "-c", "echo kept > /run/wireguard/vprox-test.sock" } }, mount))
                writer.WaitForExit();
            using var reader = made.Start(
                new ProcessStartInfo("cat") { ArgumentList = { "/run/wireguard/vprox-test.sock" }, RedirectStandardOutput = true }, mount);

            Assert.Equal("kept\n", reader.StandardOutput.ReadToEnd());
            Assert.True(File.Exists($"{folder}/vprox-test.sock"));
            Assert.False(File.Exists("/run/wireguard/vprox-test.sock"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsSleeping(int id) =>
        File.Exists($"/proc/{id}/cmdline") && File.ReadAllText($"/proc/{id}/cmdline").StartsWith("sleep", StringComparison.Ordinal);
}
