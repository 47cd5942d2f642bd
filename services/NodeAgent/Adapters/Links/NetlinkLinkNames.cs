using System.Net.NetworkInformation;
using Vprox.Netlink;

namespace Vprox.NodeAgent.Adapters.Links;

/// <summary>Asks rtnetlink.</summary>
public sealed class NetlinkLinkNames(RouteNetlink netlink) : ILinkNames
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> ByMacAddress()
    {
        var names = new Dictionary<string, string>();
        // VLANs and macvlans bear their parent's MAC; hardware has no kind, and the parent has the lower index.
        foreach (var link in netlink.Links().Where(link => link.HardwareAddress is not null).OrderBy(link => link.Kind is not null).ThenBy(link => link.Index))
            names.TryAdd(Text(link.HardwareAddress!), link.Name);
        return names;
    }

    private static string Text(PhysicalAddress address) =>
        string.Join(':', address.GetAddressBytes().Select(octet => octet.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
}
