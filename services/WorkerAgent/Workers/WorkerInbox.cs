using System.Threading.Channels;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Workers;

/// <summary>Where everybody leaves what happened, for the worker's loop to take in, many at a time.</summary>
public sealed class WorkerInbox
{
    private readonly Channel<Letter> _letters = Channel.CreateUnbounded<Letter>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>What the loop knew last; null before it has read its journal.</summary>
    public WorkerState? State { get; internal set; }

    /// <summary>Leaves an event.</summary>
    public void Post(WorkerEvent happened) => _letters.Writer.TryWrite(new Letter(happened, null));

    /// <summary>Leaves an event and waits until the journal has it: from then on a crash does not lose it.</summary>
    public Task PostAsync(WorkerEvent happened, CancellationToken cancellationToken)
    {
        var journalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _letters.Writer.TryWrite(new Letter(happened, journalled));
        return journalled.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Makes the loop compare the kernel with what it shall be.</summary>
    public void LookAtKernel() => _letters.Writer.TryWrite(new Letter(null, null));

    internal ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _letters.Reader.WaitToReadAsync(cancellationToken);

    internal IReadOnlyList<Letter> Take()
    {
        var letters = new List<Letter>();
        while (_letters.Reader.TryRead(out var letter))
            letters.Add(letter);
        return letters;
    }

    internal sealed record Letter(WorkerEvent? Event, TaskCompletionSource? Journalled);
}
