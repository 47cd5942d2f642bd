using System.Diagnostics;
using Vprox.WireGuard;

namespace Vprox.Bench.Reconciling;

/// <summary>A WireGuard that notes how long its changes take, for that time is its own and not Vprox's.</summary>
internal sealed class TimedWireGuard(IWireGuardClient real) : IWireGuardClient
{
    private TimeSpan _taken;

    public string Backend => real.Backend;

    /// <summary>The time since the last call.</summary>
    public TimeSpan Taken()
    {
        var taken = _taken;
        _taken = TimeSpan.Zero;
        return taken;
    }

    public async Task ConfigureAsync(string name, DeviceConfig config, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await real.ConfigureAsync(name, config, cancellationToken);
        _taken += Stopwatch.GetElapsedTime(started);
    }

    public Task CreateAsync(string name, CancellationToken cancellationToken) => real.CreateAsync(name, cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => real.DeleteAsync(name, cancellationToken);

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => real.ListAsync(cancellationToken);

    public Task<Device?> GetAsync(string name, CancellationToken cancellationToken) => real.GetAsync(name, cancellationToken);

    public void Dispose() => real.Dispose();
}
