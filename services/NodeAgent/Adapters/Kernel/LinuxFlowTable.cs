using Vprox.Netlink;
using Vprox.NodeAgent.Core.Ports;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>The connection tracking table, by netlink, of the network namespace it was made in.</summary>
public sealed class LinuxFlowTable : IFlowTable, IDisposable
{
    private readonly Conntrack _conntrack = Conntrack.Open();

    /// <inheritdoc/>
    public long Dropped() => _conntrack.InsertFailures();

    /// <inheritdoc/>
    public void Visit(Action<Flow> visit) => _conntrack.VisitFlows(visit);

    /// <inheritdoc/>
    public void Dispose() => _conntrack.Dispose();
}
