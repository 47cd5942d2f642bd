using Vprox.Lab.Namespaces;

namespace Vprox.Netlink.Tests.Namespaces;

internal static class NamespaceLinks
{
    public static IReadOnlyList<Link> Links(this NetworkNamespace inside)
    {
        using var route = inside.Run(RouteNetlink.Open);
        return route.Links();
    }
}
