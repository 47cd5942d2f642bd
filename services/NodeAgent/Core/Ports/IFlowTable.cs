using Vprox.Netlink;

namespace Vprox.NodeAgent.Core.Ports;

/// <summary>The connection tracking table.</summary>
public interface IFlowTable
{
    /// <summary>First packets of connections that were dropped on this node because no port was free, since its kernel started.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    long Dropped();

    /// <summary>Shows every flow. The kernel walks its whole table for it.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    void Visit(Action<Flow> visit);
}
