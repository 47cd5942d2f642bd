using Vprox.Netlink;

namespace Vprox.NodeAgent.Core.DataPlane.Changes;

/// <summary>Writes a setting below /proc/sys.</summary>
public sealed record SetSysctl(string Path, string Value, string? Before) : KernelChange
{
    /// <summary>The link that it is a setting of (net/ipv4/conf/LINK/rp_filter, see proc_sys_net(5)); null for one of the host.</summary>
    public string? Link => Path.Split('/') is ["net", "ipv4", "conf", var link, _] ? link : null;

    /// <inheritdoc/>
    public override string ToString() => $"sysctl {Path.Replace('/', '.')} set to {Value}, was {Before ?? "not there"}";
}

/// <summary>Sets an ENI up.</summary>
public sealed record SetLinkUp(string Name) : KernelChange
{
    /// <inheritdoc/>
    public override string ToString() => $"network interface {Name} set up";
}

/// <summary>Puts an address on a link.</summary>
public sealed record PutAddress(KernelAddress Address) : KernelChange
{
    /// <inheritdoc/>
    public override string ToString() => $"address added: {Address}";
}

/// <summary>Takes an address from a link.</summary>
public sealed record RemoveAddress(KernelAddress Address) : KernelChange
{
    /// <inheritdoc/>
    public override string ToString() => $"address removed: {Address}";
}

/// <summary>Sets a route of an address's own table, in place of whatever has its key, also somebody else's, which is not read.</summary>
public sealed record PutRoute(KernelRoute Route) : KernelChange
{
    /// <inheritdoc/>
    public override string ToString() => $"route set: {Route}";
}

/// <summary>Removes a route.</summary>
public sealed record RemoveRoute(KernelRoute Route) : KernelChange
{
    /// <inheritdoc/>
    public override string ToString() => $"route removed: {Route}";
}

/// <summary>Adds a policy rule.</summary>
public sealed record PutRule(RuleSpec Rule) : KernelChange
{
    /// <inheritdoc/>
    public override string ToString() => $"rule added: {Rule}";
}

/// <summary>Removes a policy rule.</summary>
public sealed record RemoveRule(RuleSpec Rule) : KernelChange
{
    /// <inheritdoc/>
    public override string ToString() => $"rule removed: {Rule}";
}
