namespace Vprox.Netlink;

/// <summary>Adds a rule. EEXIST when there is one that is the same in all, priority included.</summary>
/// <param name="Rule">The rule.</param>
public sealed record AddRule(RuleSpec Rule) : RouteRequest
{
    /// <inheritdoc/>
    public override string Command => $"ip rule add {Rule}";

    internal override ushort MessageType => RouteMessage.RTM_NEWRULE;

    internal override ushort Flags => Interop.NLM_F_CREATE | Interop.NLM_F_EXCL;

    internal override void Write(NetlinkWriter writer) => Rule.Write(writer);
}
