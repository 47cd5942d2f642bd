using Vprox.Netlink;
using Vprox.NodeAgent.Core.Ports;

namespace Vprox.NodeAgent.Tests.Given;

/// <summary>A connection tracking table in memory.</summary>
internal sealed class RecordedFlows : IFlowTable
{
    public IReadOnlyList<Flow> Flows { get; set; } = [];

    public long DroppedSoFar { get; set; }

    /// <summary>How often all flows were shown.</summary>
    public int Visits { get; private set; }

    public long Dropped() => DroppedSoFar;

    public void Visit(Action<Flow> visit)
    {
        Visits++;
        foreach (var flow in Flows)
            visit(flow);
    }
}
