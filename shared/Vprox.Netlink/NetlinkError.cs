using System.Globalization;
using System.Runtime.InteropServices;

namespace Vprox.Netlink;

/// <summary>What the kernel answered to a request that it refused.</summary>
/// <param name="Operation">The request in the words of the tool that does the same, e.g. "ip rule add from 10.0.0.2 lookup 100".</param>
/// <param name="Errno">The error number, positive.</param>
/// <param name="KernelMessage">The kernel's own words (extended ACK); null when it gave none.</param>
/// <param name="Offset">Offset in bytes, from the message's header on, of the attribute that the kernel objects to; null when it named none.</param>
public sealed record NetlinkError(string Operation, Errno Errno, string? KernelMessage = null, int? Offset = null)
{
    /// <summary>One line: operation, the kernel's words, errno by name and number, offset.</summary>
    public override string ToString()
    {
        var words = KernelMessage ?? Marshal.GetPInvokeErrorMessage((int)Errno);
        var number = (int)Errno;
        var at = Offset is { } offset ? string.Create(CultureInfo.InvariantCulture, $", at offset {offset} of the request") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Operation}: {words} ({Errno}, errno {number}{at})");
    }
}
