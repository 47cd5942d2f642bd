using System.Globalization;
using Vprox.Addressing;

namespace Vprox.Netlink;

/// <summary>An IPv4 policy routing rule as requested, for <see cref="AddRule"/> and <see cref="DeleteRule"/>. Two are equal when all is.</summary>
public sealed record RuleSpec
{
    /// <summary>Lower ones are looked at first: 0 is table local's, 32766 main's.</summary>
    public required uint Priority { get; init; }

    /// <summary>Table to look into; 0 for actions other than lookup.</summary>
    public uint Table { get; init; }

    /// <summary>What is done.</summary>
    public RuleAction Action { get; init; } = RuleAction.Lookup;

    /// <summary>Who makes it.</summary>
    public byte Protocol { get; init; } = RouteProtocol.Vprox;

    /// <summary>Source that it matches; left out, all.</summary>
    public Ipv4Prefix From { get; init; }

    /// <summary>Destination that it matches; left out, all.</summary>
    public Ipv4Prefix To { get; init; }

    /// <summary>Name of the link that packets come in by, lo for this host's own; null for any. The link need not exist.</summary>
    public string? InputLink { get; init; }

    /// <summary>Name of the link that a socket is bound to; null for any.</summary>
    public string? OutputLink { get; init; }

    /// <summary>Firewall mark that it matches; null for any.</summary>
    public uint? FirewallMark { get; init; }

    /// <summary>Bits of the mark that are compared; used only with <see cref="FirewallMark"/>.</summary>
    public uint FirewallMask { get; init; } = uint.MaxValue;

    /// <summary>True matches what the selectors do not.</summary>
    public bool Invert { get; init; }

    /// <summary>Routes with a prefix of this length or shorter do not count, e.g. 0 to leave out default routes; null counts all.</summary>
    public int? SuppressPrefixLength { get; init; }

    /// <summary>The rule as ip writes it after add or delete.</summary>
    public override string ToString() => RouteRequest.Words(
        Invert ? "not" : null,
        From == default ? "from all" : From.Length == 32 ? $"from {From.Network}" : $"from {From}",
        To == default ? null : $"to {To}",
        RouteRequest.Word("iif", InputLink),
        RouteRequest.Word("oif", OutputLink),
        FirewallMark is { } mark ? FirewallMask == uint.MaxValue ? $"fwmark 0x{mark:x}" : $"fwmark 0x{mark:x}/0x{FirewallMask:x}" : null,
        string.Create(CultureInfo.InvariantCulture, $"priority {Priority} protocol {Protocol}"),
        Action == RuleAction.Lookup ? RouteRequest.Word("lookup", (uint?)Table) : Action.ToString().ToLowerInvariant(),
        RouteRequest.Word("suppress_prefixlength", SuppressPrefixLength));

    internal void Write(NetlinkWriter writer)
    {
        writer.Header(new RuleHeader(
            RouteMessage.AF_INET, To.Length, From.Length, 0, RouteHeader.ShortTable(Table), 0, 0, (byte)Action, Invert ? RuleHeader.FIB_RULE_INVERT : 0));
        if (From.Length > 0)
            writer.Address(RuleHeader.FRA_SRC, From.Network);
        if (To.Length > 0)
            writer.Address(RuleHeader.FRA_DST, To.Network);
        if (InputLink is not null)
            writer.Text(RuleHeader.FRA_IIFNAME, LinkName.Check(InputLink));
        if (OutputLink is not null)
            writer.Text(RuleHeader.FRA_OIFNAME, LinkName.Check(OutputLink));
        if (FirewallMark is { } mark)
        {
            writer.U32(RuleHeader.FRA_FWMARK, mark);
            writer.U32(RuleHeader.FRA_FWMASK, FirewallMask);
        }
        writer.U32(RuleHeader.FRA_PRIORITY, Priority);
        writer.U8(RuleHeader.FRA_PROTOCOL, Protocol);
        if (Table > byte.MaxValue)
            writer.U32(RuleHeader.FRA_TABLE, Table);
        if (SuppressPrefixLength is { } length)
            writer.S32(RuleHeader.FRA_SUPPRESS_PREFIXLEN, length);
    }
}
