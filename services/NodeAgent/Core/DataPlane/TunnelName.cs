using System.Globalization;
using Vprox.Addressing;

namespace Vprox.NodeAgent.Core.DataPlane;

/// <summary>Names of our interfaces: vp and a listen port. Anything else, "vpn0" too, is somebody else's.</summary>
public static class TunnelName
{
    private const string Prefix = "vp";

    /// <summary>The name of the interface of a listen port.</summary>
    public static string Of(int listenPort) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{listenPort}");

    /// <summary>True for names of interfaces that are ours.</summary>
    public static bool IsOurs(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        && AddressLayout.ListenPorts.Contains(port)
        && name == Of(port);
}
