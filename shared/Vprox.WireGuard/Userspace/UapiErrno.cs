using System.Globalization;
using System.Runtime.InteropServices;

namespace Vprox.WireGuard.Userspace;

/// <summary>Names of the error numbers that wireguard-go answers (ipc/uapi_linux.go, device/uapi.go).</summary>
internal static class UapiErrno
{
    /// <summary>"EINVAL (22, Invalid argument)"; a number without a name here shows as itself.</summary>
    public static string Describe(int errno)
    {
        var name = errno switch
        {
            5 => "EIO",
            22 => "EINVAL",
            55 => "IpcErrorUnknown",
            71 => "EPROTO",
            98 => "EADDRINUSE",
            _ => "errno",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{name} ({errno}, {Marshal.GetPInvokeErrorMessage(errno)})");
    }
}
