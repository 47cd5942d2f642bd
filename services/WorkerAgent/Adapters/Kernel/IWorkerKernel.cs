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
    /// <param name="everything">
    /// False reads what we or somebody else can have changed since the last reading as far as the kernel tells; of WireGuard's devices and of settings it
    /// does not tell.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<ObservedWorker> ReadAsync(bool everything, CancellationToken cancellationToken);

    /// <summary>True when nothing at all of ours is there, as after a start of the host.</summary>
    Task<bool> HoldsNothingAsync(CancellationToken cancellationToken);

    /// <summary>Carries out the steps in order; the first that fails ends it.</summary>
    Task ApplyAsync(IReadOnlyList<WorkerStep> steps, CancellationToken cancellationToken);

    /// <summary>How the host reaches an address.</summary>
    LocalPath PathTo(IPAddress address);

    /// <summary>True when each interface is a process (wireguard-go), which takes some 50 ms to start.</summary>
    bool InterfacesAreProcesses { get; }

    /// <summary>
    /// Makes the interface of a slot out of turn, down and without keys: with wireguard-go that is the start of a process. The loop makes one that is not there.
    /// </summary>
    Task PrepareAsync(int slot, CancellationToken cancellationToken);

    /// <summary>A tunnel's WireGuard side; null when there is none.</summary>
    Task<Device?> DeviceAsync(int slot, CancellationToken cancellationToken);

    /// <summary>Changes a tunnel's WireGuard side out of turn, to start a handshake.</summary>
    Task ConfigureAsync(int slot, DeviceConfig config, CancellationToken cancellationToken);
}
