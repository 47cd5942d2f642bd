namespace Vprox.Netlink;

/// <summary>What kinds of things changed in a network namespace.</summary>
[Flags]
public enum RouteChanges
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>A link came, went or changed.</summary>
    Links = 1,
    /// <summary>An IPv4 address came or went.</summary>
    Addresses = 2,
    /// <summary>An IPv4 route came or went.</summary>
    Routes = 4,
    /// <summary>An IPv4 rule came or went.</summary>
    Rules = 8,
    /// <summary>Anything may have changed: also what a listener gets that was too slow to be told all.</summary>
    All = Links | Addresses | Routes | Rules,
}
