using System.Diagnostics;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.WireGuard;

namespace Vprox.Bench.Reconciling;

/// <summary>A data plane that notes how long writes of peers take, for that time is WireGuard's.</summary>
internal sealed class TimedDataPlane(INodeDataPlane real) : INodeDataPlane
{
    private TimeSpan _taken;

    public string WireGuardBackend => real.WireGuardBackend;

    /// <summary>The time since the last call.</summary>
    public TimeSpan Taken()
    {
        var taken = _taken;
        _taken = TimeSpan.Zero;
        return taken;
    }

    public async Task SetPeersAsync(int listenPort, IReadOnlyList<DesiredPeer> peers, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await real.SetPeersAsync(listenPort, peers, cancellationToken);
        _taken += Stopwatch.GetElapsedTime(started);
    }

    public Task RemovePeersAsync(int listenPort, IReadOnlyList<WireGuardKey> publicKeys, CancellationToken cancellationToken) =>
        real.RemovePeersAsync(listenPort, publicKeys, cancellationToken);

    public Task<IReadOnlyList<Device>> ReadDevicesAsync(CancellationToken cancellationToken) => real.ReadDevicesAsync(cancellationToken);

    public Task<Device?> ReadDeviceAsync(int listenPort, CancellationToken cancellationToken) => real.ReadDeviceAsync(listenPort, cancellationToken);

    public Task<KernelRound> ApplyAsync(DesiredNode desired, Func<Task> betweenSteps, CancellationToken cancellationToken) =>
        real.ApplyAsync(desired, betweenSteps, cancellationToken);

    public Task ArriveAsync(DesiredNode desired, CancellationToken cancellationToken) => real.ArriveAsync(desired, cancellationToken);

    public Task StartHandshakesAsync(int listenPort, IReadOnlyList<DesiredPeer> peers, bool anew, CancellationToken cancellationToken) =>
        real.StartHandshakesAsync(listenPort, peers, anew, cancellationToken);

    public Task TeardownAsync(CancellationToken cancellationToken) => real.TeardownAsync(cancellationToken);
}
