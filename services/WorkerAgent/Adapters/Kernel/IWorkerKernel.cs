using System.Net;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Adapters.Kernel;

/// <summary>This worker's kernel.</summary>
public interface IWorkerKernel
{
    /// <summary>"kernel" or "userspace" WireGuard.</summary>
    string WireGuardBackend { get; }

    /// <summary>True when conntrack timeout policies work here.</summary>
    bool HasConntrackTimeouts { get; }

    /// <summary>What it holds of ours.</summary>
    Task<ObservedWorker> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Carries out the steps in order; the first that fails ends it.</summary>
    Task ApplyAsync(IReadOnlyList<WorkerStep> steps, CancellationToken cancellationToken);

    /// <summary>How the host reaches an address.</summary>
    LocalPath PathTo(IPAddress address);

    /// <summary>A tunnel's WireGuard side; null when there is none.</summary>
    Task<Device?> DeviceAsync(int slot, CancellationToken cancellationToken);

    /// <summary>Changes a tunnel's WireGuard side out of turn, to start a handshake.</summary>
    Task ConfigureAsync(int slot, DeviceConfig config, CancellationToken cancellationToken);
}
