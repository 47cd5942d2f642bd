namespace Vprox.Bench.Reconciling;

/// <summary>What stands for WireGuard in a run.</summary>
internal enum WireGuardKind
{
    /// <summary>The kernel's.</summary>
    Kernel,

    /// <summary>A wireguard-go for each address.</summary>
    Userspace,

    /// <summary>None: see <see cref="RememberedWireGuard"/>.</summary>
    Remembered,
}
