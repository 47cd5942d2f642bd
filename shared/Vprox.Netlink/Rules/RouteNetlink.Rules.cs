using System.Net;
using Vprox.Addressing;

namespace Vprox.Netlink;

public sealed partial class RouteNetlink
{
    /// <summary>IPv4 rules by priority, of everybody or of one protocol.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public IReadOnlyList<Rule> Rules(byte? protocol = null) =>
        [.. Dump("ip -4 rule show", RouteMessage.RTM_GETRULE, RouteMessage.RTM_NEWRULE, writer => writer.Header(default(RuleHeader) with { Family = RouteMessage.AF_INET }))
            .Select(ReadRule)
            .Where(rule => protocol is null || rule.Protocol == protocol)];

    internal static Rule ReadRule(NetlinkMessage message)
    {
        var header = NetlinkReader.Header<RuleHeader>(message.Payload, out var attributes);
        if (header.SourceLength > 32 || header.DestinationLength > 32)
            throw new NetlinkException($"ip -4 rule show: the kernel listed prefix lengths of {header.SourceLength} and {header.DestinationLength}");
        var rule = new Rule
        {
            Priority = 0,
            Table = header.Table,
            Action = (RuleAction)header.Action,
            Protocol = 0,
            From = Ipv4Prefix.Containing(IPAddress.Any, header.SourceLength),
            To = Ipv4Prefix.Containing(IPAddress.Any, header.DestinationLength),
            Invert = (header.Flags & RuleHeader.FIB_RULE_INVERT) != 0,
        };
        foreach (var attribute in attributes)
        {
            rule = attribute.Type switch
            {
                RuleHeader.FRA_PRIORITY => rule with { Priority = attribute.U32() },
                RuleHeader.FRA_TABLE => rule with { Table = attribute.U32() },
                RuleHeader.FRA_PROTOCOL => rule with { Protocol = attribute.U8() },
                RuleHeader.FRA_SRC => rule with { From = Ipv4Prefix.Containing(attribute.Ipv4(), header.SourceLength) },
                RuleHeader.FRA_DST => rule with { To = Ipv4Prefix.Containing(attribute.Ipv4(), header.DestinationLength) },
                RuleHeader.FRA_IIFNAME => rule with { InputLink = attribute.Text() },
                RuleHeader.FRA_OIFNAME => rule with { OutputLink = attribute.Text() },
                RuleHeader.FRA_FWMARK => rule with { FirewallMark = attribute.U32() },
                // The kernel leaves a mark of 0 away and lists only its mask.
                RuleHeader.FRA_FWMASK => rule with { FirewallMask = attribute.U32(), FirewallMark = rule.FirewallMark ?? 0 },
                RuleHeader.FRA_SUPPRESS_PREFIXLEN => rule with { SuppressPrefixLength = attribute.S32() is >= 0 and var length ? length : null },
                _ => rule,
            };
        }
        return rule;
    }
}
