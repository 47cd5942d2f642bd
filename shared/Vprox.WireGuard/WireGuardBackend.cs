namespace Vprox.WireGuard;

/// <summary>Which WireGuard an agent uses; the option WireGuard of NodeAgent and WorkerAgent.</summary>
public enum WireGuardBackend
{
    /// <summary>The kernel's where it has one, otherwise wireguard-go.</summary>
    Auto,

    /// <summary>The kernel's only.</summary>
    Kernel,

    /// <summary>wireguard-go only.</summary>
    Userspace,
}
