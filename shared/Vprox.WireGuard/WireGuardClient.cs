using Vprox.Netlink;
using Vprox.WireGuard.Kernel;
using Vprox.WireGuard.Userspace;

namespace Vprox.WireGuard;

/// <summary>Chooses the backend at start.</summary>
public static class WireGuardClient
{
    /// <summary>Opens a client in the calling thread's network namespace; it stays there whatever thread uses it.</summary>
    /// <param name="backend">Which WireGuard; <see cref="WireGuardBackend.Auto"/> takes the kernel's where it has one.</param>
    /// <exception cref="WireGuardException">The machine lacks what was asked for; the message says what to install.</exception>
    public static IWireGuardClient Open(WireGuardBackend backend) => backend switch
    {
        WireGuardBackend.Kernel => OpenKernel()
            ?? throw new WireGuardException("this kernel has no WireGuard: load or install its module wireguard (in Linux since 5.6), or choose userspace"),
        WireGuardBackend.Userspace => OpenUserspace()
            ?? throw new WireGuardException("wireguard-go is not on PATH: install it (package wireguard-go), or choose kernel"),
        _ => (IWireGuardClient?)OpenKernel() ?? OpenUserspace()
            ?? throw new WireGuardException("this kernel has no WireGuard and wireguard-go is not on PATH: install the package wireguard-go, or a kernel with the module wireguard"),
    };

    /// <summary>Looking the family up makes the kernel load its module, when it has one (net/netlink/genetlink.c, ctrl_getfamily).</summary>
    private static KernelWireGuardClient? OpenKernel()
    {
        var generic = GenericNetlink.Open();
        try
        {
            if (generic.Family(Uapi.WG_GENL_NAME) is { } family)
                return new KernelWireGuardClient(generic, family, RouteNetlink.Open());
        }
        catch (NetlinkException e)
        {
            generic.Dispose();
            throw new WireGuardException($"the kernel cannot be asked for WireGuard: {e.Message}", e);
        }
        generic.Dispose();
        return null;
    }

    private static UserspaceWireGuardClient? OpenUserspace() =>
        WireGuardGo.IsInstalled() ? new UserspaceWireGuardClient(RouteNetlink.Open(), TimeProvider.System) : null;
}
