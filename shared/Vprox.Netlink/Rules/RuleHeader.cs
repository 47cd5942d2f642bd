namespace Vprox.Netlink;

/// <summary>struct fib_rule_hdr and the numbers of include/uapi/linux/fib_rules.h.</summary>
internal readonly record struct RuleHeader(
    byte Family, byte DestinationLength, byte SourceLength, byte Tos, byte Table, byte Reserved1, byte Reserved2, byte Action, uint Flags)
{
    public const int FRA_DST = 1;
    public const int FRA_SRC = 2;
    public const int FRA_IIFNAME = 3;
    public const int FRA_PRIORITY = 6;
    public const int FRA_FWMARK = 10;
    public const int FRA_SUPPRESS_PREFIXLEN = 14;
    public const int FRA_TABLE = 15;
    public const int FRA_FWMASK = 16;
    public const int FRA_OIFNAME = 17;
    public const int FRA_PROTOCOL = 21;

    public const uint FIB_RULE_INVERT = 0x2;
}
