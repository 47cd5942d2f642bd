namespace Vprox.Netlink;

/// <summary>Who made a route or rule (RTA_PROTOCOL, FRA_PROTOCOL; /etc/iproute2/rt_protos).</summary>
public static class RouteProtocol
{
    /// <summary>The kernel itself.</summary>
    public const byte Kernel = 2;

    /// <summary>What ip writes when it is told none.</summary>
    public const byte Boot = 3;

    /// <summary>The administrator.</summary>
    public const byte Static = 4;

    /// <summary>
    /// Ours, 'V': routes and rules with it are Vprox's to change and delete; no others are. All its programs use it: each touches only what is in tables of
    /// its own.
    /// </summary>
    public const byte Vprox = 86;
}
