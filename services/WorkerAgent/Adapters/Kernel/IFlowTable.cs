using Vprox.Netlink;

namespace Vprox.WorkerAgent.Adapters.Kernel;

/// <summary>The host's connections, as far as they tell how ports are used.</summary>
public interface IFlowTable
{
    /// <summary>New connections that each tunnel has had, by the name of its counter.</summary>
    IReadOnlyDictionary<string, long> Opened();

    /// <summary>First packets that were dropped on this host because no port was free for them.</summary>
    long Dropped();

    /// <summary>Shows every flow.</summary>
    void Visit(Action<ReplyTuple> visit);
}
