using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Vprox.Sysctl;

/// <summary>
/// Sets kernel settings before the service begins, and looks again every few seconds: a distribution's own (sysctl --system, NetworkManager,
/// systemd-networkd) writes its values when it likes. What can't be set from here, as the machine's settings from within a container, is said once
/// and ends nothing.
/// </summary>
public sealed class SettingKeeper : IHostedService, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly IReadOnlyList<Setting> _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<SettingKeeper> _logger;
    private readonly Meter _meter = new("Vprox.Sysctl");
    private readonly Counter<long> _repairs;
    private readonly HashSet<Setting> _good = [];
    private readonly Dictionary<Setting, string> _said = [];
    private readonly CancellationTokenSource _stopping = new();
    private int _wrong;
    private Task _looking = Task.CompletedTask;

    /// <summary>Makes it; nothing is read yet.</summary>
    public SettingKeeper(KeptSettings settings, TimeProvider time, ILogger<SettingKeeper> logger)
    {
        (_settings, _time, _logger) = (settings.All, time, logger);
        _repairs = _meter.CreateCounter<long>("vprox.sysctl.repairs", description: "Kernel settings that somebody changed while the service ran, and that were put right");
        _meter.CreateObservableGauge("vprox.sysctl.wrong", () => Volatile.Read(ref _wrong), description: "Kernel settings that are not as they should be and can't be set from here");
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Look(began: true);
        _looking = KeepAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _looking.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _meter.Dispose();
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        // On the thread that began it where it has a context: /proc/sys/net is that of the reading thread's namespace.
        while (await timer.WaitForNextTickAsync(cancellationToken))
            Look(began: false);
    }

    private void Look(bool began)
    {
        var changes = SettingPlan.Between(_settings, SysctlFiles.Read);
        var done = changes.Where(change => Set(change, began)).ToList();
        _good.UnionWith(_settings.Except(changes.Except(done).Select(change => change.Setting)));
        Volatile.Write(ref _wrong, changes.Count - done.Count);
    }

    private bool Set(SettingChange change, bool began)
    {
        var (setting, before, after) = change;
        if (before is null || after is null)
        {
            // conntrack's module may only be loaded by the first ruleset.
            if (!began)
                SayOnce(setting, "not there", () => _logger.NotHere(setting.Name, setting.Why));
            return false;
        }
        try
        {
            SysctlFiles.Write(setting.Path, after);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            SayOnce(setting, before, () => _logger.NotSet(setting.Name, before, after, setting.Why, refused.Message));
            return false;
        }
        if (_good.Contains(setting))
        {
            _logger.WasReset(setting.Name, before, after, setting.Why);
            _repairs.Add(1, new KeyValuePair<string, object?>("name", setting.Name));
        }
        else
            _logger.WasSet(setting.Name, before, after, setting.Why);
        return true;
    }

    // Said again when the value is another, for then somebody is at it.
    private void SayOnce(Setting setting, string present, Action say)
    {
        if (_said.GetValueOrDefault(setting) == present)
            return;
        say();
        _said[setting] = present;
    }
}
