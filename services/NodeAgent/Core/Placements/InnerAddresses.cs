using System.Net;
using Vprox.Addressing;

namespace Vprox.NodeAgent.Core.Placements;

/// <summary>Parses the inner addresses of a tunnel.</summary>
public static class InnerAddresses
{
    /// <summary>False unless each is an IPv4 address that a client of the subnet can have: not the network, the server's or the broadcast address.</summary>
    public static bool TryParse(IReadOnlyList<string> texts, Ipv4Prefix inner, out IReadOnlyList<IPAddress> addresses)
    {
        var parsed = new List<IPAddress>(texts.Count);
        addresses = parsed;
        foreach (var text in texts)
        {
            if (!Ipv4.TryParse(text, out var address) || !IsForClients(inner, address))
                return false;
            if (!parsed.Contains(address))
                parsed.Add(address);
        }
        return true;
    }

    private static bool IsForClients(Ipv4Prefix inner, IPAddress address) =>
        inner.Contains(address) && inner.OffsetOf(address) >= 2 && inner.OffsetOf(address) < inner.Count - 1;
}
