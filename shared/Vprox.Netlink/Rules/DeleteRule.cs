namespace Vprox.Netlink;

/// <summary>Deletes the first rule that matches all that is said, protocol included. ENOENT when there is none.</summary>
/// <param name="Rule">The rule.</param>
public sealed record DeleteRule(RuleSpec Rule) : RouteRequest
{
    /// <inheritdoc/>
    public override string Command => $"ip rule delete {Rule}";

    internal override ushort MessageType => RouteMessage.RTM_DELRULE;

    internal override ushort Flags => 0;

    internal override void Write(NetlinkWriter writer) => Rule.Write(writer);
}
