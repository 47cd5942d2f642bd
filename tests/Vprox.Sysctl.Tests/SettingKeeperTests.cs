using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Vprox.Lab.Namespaces;

namespace Vprox.Sysctl.Tests;

/// <summary>The keeper against a real kernel, on a thread in a network namespace; some settings are the machine's and can't be set there.</summary>
public sealed class SettingKeeperTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly NetworkNamespace _host = NetworkNamespace.Create(NetworkNamespace.RandomPrefix() + "-sysctl");
    private readonly KeptLines _lines = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public Task Settings_are_set_at_the_start_and_said_with_both_values() => _host.RunAsync(async () =>
    {
        await using var kept = await KeepAsync(new Setting.Exactly("net/ipv4/ip_forward", "1", "because"), new Setting.Includes("net/ipv4/ping_group_range", 0, "because"));

        Assert.Equal("1", SysctlFiles.Read("net/ipv4/ip_forward"));
        Assert.Equal("0\t0", SysctlFiles.Read("net/ipv4/ping_group_range"));
        Assert.Equal(
            [
                "Information: Kernel setting net.ipv4.ip_forward was set to 1, it was 0: because",
                "Information: Kernel setting net.ipv4.ping_group_range was set to 0\t0, it was 1\t0: because",
            ], _lines.All);
    });

    [Fact]
    public Task Reserved_ports_join_those_that_are() => _host.RunAsync(async () =>
    {
        SysctlFiles.Write("net/ipv4/ip_local_reserved_ports", "8080,50000");
        var setting = new Setting.Reserves("net/ipv4/ip_local_reserved_ports", 49152, 65535, "because");

        await using var kept = await KeepAsync(setting);

        Assert.Equal("8080,49152-65535", SysctlFiles.Read(setting.Path));
        Assert.Null(setting.Better(SysctlFiles.Read(setting.Path)!));
    });

    [Fact]
    public Task What_an_operator_set_better_stays() => _host.RunAsync(async () =>
    {
        SysctlFiles.Write("net/core/somaxconn", "70000");

        await using var kept = await KeepAsync(new Setting.AtLeast("net/core/somaxconn", 5000, "because"));

        Assert.Equal("70000", SysctlFiles.Read("net/core/somaxconn"));
        Assert.Empty(_lines.All);
    });

    [Fact]
    public Task What_somebody_resets_is_put_right_within_seconds_and_counted() => _host.RunAsync(async () =>
    {
        var repairs = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, all) =>
            {
                if (instrument.Name == "vprox.sysctl.repairs")
                    all.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref repairs, count));
        listener.Start();
        await using var kept = await KeepAsync(new Setting.Exactly("net/ipv4/ip_forward", "1", "because"));

        _host.Execute("sysctl", "-q", "net.ipv4.ip_forward=0");

        await UntilAsync(() => SysctlFiles.Read("net/ipv4/ip_forward") == "1" && Interlocked.Read(ref repairs) >= 1);
        await UntilAsync(() => _lines.All.Contains("Warning: Kernel setting net.ipv4.ip_forward was set to 1 again, somebody had changed it to 0: because"));
    });

    [Fact]
    public Task A_setting_of_the_whole_machine_is_said_once_and_ends_nothing() => _host.RunAsync(async () =>
    {
        await using var kept = await KeepAsync(
            new Setting.AtLeast("net/ipv4/neigh/default/gc_thresh3", long.MaxValue, "because"),
            new Setting.AtLeast("net/netfilter/nf_conntrack_max", long.MaxValue, "because"),
            new Setting.Exactly("net/ipv4/ip_forward", "1", "because"));
        await UntilAsync(() => _lines.All.Any(line => line.Contains("gc_thresh3", StringComparison.Ordinal)));
        _host.Execute("sysctl", "-q", "net.ipv4.ip_forward=0");
        await UntilAsync(() => SysctlFiles.Read("net/ipv4/ip_forward") == "1");

        Assert.Single(_lines.All, line => line.StartsWith("Warning: Kernel setting net.ipv4.neigh.default.gc_thresh3 can't be seen from here", StringComparison.Ordinal));
        Assert.Single(_lines.All, line => line.StartsWith("Warning: Kernel setting net.netfilter.nf_conntrack_max is ", StringComparison.Ordinal));
    });

    private async Task<Kept> KeepAsync(params Setting[] settings)
    {
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(_lines));
        var keeper = new SettingKeeper(new KeptSettings(settings), TimeProvider.System, factory.CreateLogger<SettingKeeper>());
        await keeper.StartAsync(CancellationToken.None);
        return new Kept(keeper);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!condition())
            await Task.Delay(20, deadline.Token);
    }

    private sealed class Kept(SettingKeeper keeper) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await keeper.StopAsync(CancellationToken.None);
            keeper.Dispose();
        }
    }
}
