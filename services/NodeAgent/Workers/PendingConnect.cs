using Vprox.NodeAgent.Core.Peers;
using Vprox.NodeAgent.Core.Placements;

namespace Vprox.NodeAgent.Workers;

/// <summary>A peer that wants to connect and waits for its answer.</summary>
internal sealed class PendingConnect(Placement placement, ConnectRequest request)
{
    private readonly TaskCompletionSource<ConnectOutcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConnectOutcome? _decided;

    public Placement Placement => placement;

    public ConnectRequest Request => request;

    public Task<ConnectOutcome> Outcome => _answer.Task;

    /// <summary>What goes to the kernel; null when it was turned away.</summary>
    public ConnectOutcome.Connected? Connected => _decided as ConnectOutcome.Connected;

    /// <summary>What the table said.</summary>
    public void Decide(ConnectOutcome outcome) => _decided = outcome;

    /// <summary>Answers, unless it has failed.</summary>
    public void Complete() => _answer.TrySetResult(_decided!);

    /// <summary>The kernel refused.</summary>
    public void Fail(Exception refusal) => _answer.TrySetException(refusal);
}
