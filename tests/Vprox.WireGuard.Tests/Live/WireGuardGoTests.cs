using System.Diagnostics;
using System.Globalization;

namespace Vprox.WireGuard.Tests.Live;

/// <summary>What is wireguard-go's alone: its daemon and its socket. These run on every machine, whatever backend the others test.</summary>
public sealed class WireGuardGoTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TwoHosts _hosts = new(WireGuardBackend.Userspace);

    private Host Host => _hosts.Left;

    public void Dispose() => _hosts.Dispose();

    [Fact]
    public async Task A_killed_daemon_leaves_a_stale_socket_from_which_a_new_one_recovers()
    {
        await using var device = await LiveDevice.CreateAsync(Host, "ki");
        await KillAsync(device.Name);
        Assert.True(File.Exists($"/var/run/wireguard/{device.Name}.sock"));
        Assert.DoesNotContain(device.Name, await Host.Client.ListAsync(None));

        await Host.Client.CreateAsync(device.Name, None);
        await device.ConfigureAsync(new DeviceConfig { ListenPort = 50201 });
        Assert.Equal(50201, (await device.GetAsync()).ListenPort);
    }

    [Fact]
    public async Task Deleting_what_a_killed_daemon_left_takes_the_socket_away()
    {
        var device = await LiveDevice.CreateAsync(Host, "de");
        await KillAsync(device.Name);
        await device.DisposeAsync();
        Assert.False(File.Exists($"/var/run/wireguard/{device.Name}.sock"));
    }

    [Fact]
    public async Task Deleting_the_interface_ends_the_daemon()
    {
        var device = await LiveDevice.CreateAsync(Host, "en");
        var pid = Daemon(device.Name);
        await device.DisposeAsync();
        await Waiting.UntilAsync("daemon gone", () => Task.FromResult(!Directory.Exists($"/proc/{pid}")));
        Assert.False(File.Exists($"/var/run/wireguard/{device.Name}.sock"));
    }

    /// <summary>Nothing that ends the agent or its terminal reaches the daemon: another session, init's child, no pipe of ours.</summary>
    [Fact]
    public async Task Nothing_ties_the_daemon_to_its_parent()
    {
        await using var device = await LiveDevice.CreateAsync(Host, "ti");
        var pid = Daemon(device.Name);
        Assert.NotEqual(Session(Environment.ProcessId), Session(pid));
        await Waiting.UntilAsync("another parent", () => Task.FromResult(Parent(pid) != Environment.ProcessId));
        Assert.All([0, 1, 2], fd => Assert.Equal("/dev/null", new FileInfo($"/proc/{pid}/fd/{fd}").LinkTarget));
    }

    [Fact]
    public async Task A_socket_of_another_namespace_is_told_apart()
    {
        await using var device = await LiveDevice.CreateAsync(Host, "ns");
        var refused = await Assert.ThrowsAsync<WireGuardException>(() => _hosts.Right.Client.CreateAsync(device.Name, None));
        Assert.Contains("another network namespace", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(await Host.Client.GetAsync(device.Name, None));
    }

    [Fact]
    public async Task A_tun_interface_of_another_program_is_left_alone()
    {
        var name = Host.Interface("tp");
        Host.Ip($"tuntap add dev {name} mode tun");
        var refused = await Assert.ThrowsAsync<WireGuardException>(() => Host.Client.CreateAsync(name, None));
        Assert.Contains("no wireguard-go serves", refused.Message, StringComparison.Ordinal);
        Assert.Null(await Host.Client.GetAsync(name, None));
        Assert.DoesNotContain(name, await Host.Client.ListAsync(None));
        await Assert.ThrowsAsync<WireGuardException>(() => Host.Client.DeleteAsync(name, None));
        Host.Ip($"link show dev {name}");
    }

    private async Task KillAsync(string name)
    {
        using (var daemon = Process.GetProcessById(Daemon(name)))
            daemon.Kill();
        await Waiting.UntilAsync("link gone", () => Task.FromResult(!Host.Ip("link show").Contains(name, StringComparison.Ordinal)));
    }

    private static int Daemon(string name) => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Single(pid => pid != 0 && CommandLine(pid) == $"wireguard-go\0{name}\0");

    private static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return "";
        }
    }

    private static int Parent(int pid) => Stat(pid, 1);

    private static int Session(int pid) => Stat(pid, 3);

    /// <summary>proc_pid_stat(5), counted from the state, which stands behind the name in parentheses.</summary>
    private static int Stat(int pid, int field)
    {
        var text = File.ReadAllText($"/proc/{pid}/stat");
        return int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[field], CultureInfo.InvariantCulture);
    }
}
