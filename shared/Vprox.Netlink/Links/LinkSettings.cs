using System.Globalization;
using System.Net.NetworkInformation;
using System.Text;

namespace Vprox.Netlink;

/// <summary>What requests that make or change a link write alike.</summary>
internal static class LinkSettings
{
    /// <summary>The name comes last, as iproute2 sends it.</summary>
    public static void Write(NetlinkWriter writer, string? name, int? mtu = null, PhysicalAddress? hardwareAddress = null, NamespaceReference? destination = null)
    {
        if (hardwareAddress is not null)
            writer.Bytes(LinkAttribute.IFLA_ADDRESS, hardwareAddress.GetAddressBytes());
        if (mtu is { } bytes)
            writer.S32(LinkAttribute.IFLA_MTU, bytes);
        destination?.Write(writer);
        if (name is not null)
            writer.Text(LinkAttribute.IFLA_IFNAME, LinkName.Check(name));
    }

    /// <summary>A kind goes without its NUL, as iproute2 sends it.</summary>
    public static byte[] Kind(string kind) => Encoding.ASCII.GetBytes(kind);

    /// <summary>A MAC address with colons, as ip prints it.</summary>
    public static string? Text(PhysicalAddress? address) =>
        address is null ? null : string.Join(':', address.GetAddressBytes().Select(octet => octet.ToString("x2", CultureInfo.InvariantCulture)));
}
