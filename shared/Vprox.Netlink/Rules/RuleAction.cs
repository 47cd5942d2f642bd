namespace Vprox.Netlink;

/// <summary>What a rule does with what it matches (FR_ACT_*, fib_rules.h).</summary>
public enum RuleAction
{
    /// <summary>Not said.</summary>
    Unspecified = 0,
    /// <summary>Looks into a table and goes on with the next rule when it has no route.</summary>
    Lookup = 1,
    /// <summary>Jumps to a rule of higher priority number.</summary>
    Goto = 2,
    /// <summary>Nothing.</summary>
    Nop = 3,
    /// <summary>Drops silently.</summary>
    Blackhole = 6,
    /// <summary>Drops and answers ICMP network unreachable.</summary>
    Unreachable = 7,
    /// <summary>Drops and answers ICMP administratively prohibited.</summary>
    Prohibit = 8,
}
