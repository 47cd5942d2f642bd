using System.Net;

namespace Vprox.NodeAgent.Core.DataPlane;

/// <summary>An IPv4 address on a link.</summary>
public sealed record KernelAddress(string Link, IPAddress Address, int PrefixLength)
{
    /// <summary>As ip prints it.</summary>
    public override string ToString() => $"{Address}/{PrefixLength} dev {Link}";
}
