using Vprox.Addressing;

namespace Vprox.Netlink;

/// <summary>An IPv4 policy routing rule as it was observed.</summary>
public sealed record Rule
{
    /// <summary>Lower ones are looked at first.</summary>
    public required uint Priority { get; init; }

    /// <summary>Table it looks into; 0 for other actions.</summary>
    public required uint Table { get; init; }

    /// <summary>What it does.</summary>
    public required RuleAction Action { get; init; }

    /// <summary>Who made it (<see cref="RouteProtocol"/>).</summary>
    public required byte Protocol { get; init; }

    /// <summary>Source that it matches; 0.0.0.0/0 for all.</summary>
    public required Ipv4Prefix From { get; init; }

    /// <summary>Destination that it matches; 0.0.0.0/0 for all.</summary>
    public required Ipv4Prefix To { get; init; }

    /// <summary>Name of the link that packets come in by; null for any.</summary>
    public string? InputLink { get; init; }

    /// <summary>Name of the link that a socket is bound to; null for any.</summary>
    public string? OutputLink { get; init; }

    /// <summary>Firewall mark that it matches; null for any.</summary>
    public uint? FirewallMark { get; init; }

    /// <summary>Bits of the mark that are compared.</summary>
    public uint FirewallMask { get; init; } = uint.MaxValue;

    /// <summary>True when it matches what the selectors do not.</summary>
    public bool Invert { get; init; }

    /// <summary>Routes with a prefix of this length or shorter do not count; null when all do.</summary>
    public int? SuppressPrefixLength { get; init; }

    /// <summary>The same as a request, for deleting it or comparing it with what is wanted.</summary>
    public RuleSpec ToSpec() => new()
    {
        Priority = Priority,
        Table = Table,
        Action = Action,
        Protocol = Protocol,
        From = From,
        To = To,
        InputLink = InputLink,
        OutputLink = OutputLink,
        FirewallMark = FirewallMark,
        FirewallMask = FirewallMask,
        Invert = Invert,
        SuppressPrefixLength = SuppressPrefixLength,
    };
}
