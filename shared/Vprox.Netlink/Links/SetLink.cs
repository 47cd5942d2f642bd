using System.Globalization;
using System.Net.NetworkInformation;

namespace Vprox.Netlink;

/// <summary>Changes a link; null leaves a property alone. ENODEV when it does not exist.</summary>
public sealed record SetLink : RouteRequest
{
    /// <summary>Changes the link of a name.</summary>
    public SetLink(string name) => Name = LinkName.Check(name);

    /// <summary>Changes the link of an index, which renaming needs.</summary>
    public SetLink(int index) => Index = index;

    /// <summary>Which link, by name; null when it is named by index.</summary>
    public string? Name { get; }

    /// <summary>Which link, by index; null when it is named by name.</summary>
    public int? Index { get; }

    /// <summary>True sets it up, false down.</summary>
    public bool? Up { get; init; }

    /// <summary>Largest packet in bytes.</summary>
    public int? Mtu { get; init; }

    /// <summary>Index of the bridge to join; 0 leaves the bridge.</summary>
    public int? MasterIndex { get; init; }

    /// <summary>MAC address.</summary>
    public PhysicalAddress? HardwareAddress { get; init; }

    /// <summary>Namespace to move it to, where it arrives down and without addresses.</summary>
    public NamespaceReference? Namespace { get; init; }

    /// <summary>New name; the link must be named by index.</summary>
    public string? NewName { get; init; }

    /// <inheritdoc/>
    public override string Command => Words(
        "ip link set", Name is null ? Device(Index ?? 0) : $"dev {Name}",
        Up switch { true => "up", false => "down", null => null },
        MasterIndex switch { null => null, 0 => "nomaster", var index => string.Create(CultureInfo.InvariantCulture, $"master if{index}") },
        Word("address", LinkSettings.Text(HardwareAddress)), Word("mtu", Mtu), Word("netns", Namespace), Word("name", NewName));

    internal override ushort MessageType => RouteMessage.RTM_NEWLINK;

    internal override ushort Flags => 0;

    internal override void Write(NetlinkWriter writer)
    {
        if (Name is not null && NewName is not null)
            throw new InvalidOperationException($"{Command}: a link is renamed by its index");
        var change = Up is null ? 0 : LinkAttribute.IFF_UP;
        writer.Header(new LinkHeader(RouteMessage.AF_UNSPEC, 0, 0, Index ?? 0, Up == true ? LinkAttribute.IFF_UP : 0, change));
        if (MasterIndex is { } master)
            writer.S32(LinkAttribute.IFLA_MASTER, master);
        LinkSettings.Write(writer, Name ?? NewName, Mtu, HardwareAddress, Namespace);
    }
}
