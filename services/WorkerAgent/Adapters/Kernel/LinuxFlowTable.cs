using Vprox.Netlink;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Adapters.Kernel;

/// <summary>The connection tracking table and our nft counters, by netlink, of the network namespace it was made in.</summary>
public sealed class LinuxFlowTable : IFlowTable, IDisposable
{
    private readonly NftCounters _counters = NftCounters.Open();
    private readonly Conntrack _conntrack = Conntrack.Open();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, long> Opened() =>
        _counters.Read(WorkerRuleset.Table).ToDictionary(counter => counter.Key, counter => (long)counter.Value.Packets);

    /// <inheritdoc/>
    public long Dropped() => _conntrack.InsertFailures();

    /// <inheritdoc/>
    public void Visit(Action<ReplyTuple> visit) => _conntrack.Visit(visit);

    /// <inheritdoc/>
    public void Dispose()
    {
        _counters.Dispose();
        _conntrack.Dispose();
    }
}
