namespace Vprox.Lab.Cloud.Sqs;

/// <summary>The account's queues, by name; waiting receivers wake when something arrives.</summary>
public sealed class QueueSet
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Dictionary<string, Queue> _queues = new(StringComparer.Ordinal);
    private readonly HashSet<string> _fedByEvents;
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public QueueSet(IEnumerable<string> eventQueues, TimeProvider time)
    {
        _time = time;
        _fedByEvents = [.. eventQueues];
        foreach (var name in _fedByEvents)
            _queues[name] = new Queue();
    }

    public bool Exists(string name)
    {
        lock (_lock)
            return _queues.ContainsKey(name);
    }

    public void Create(string name)
    {
        lock (_lock)
            _queues.TryAdd(name, new Queue());
    }

    public int CountOf(string name)
    {
        lock (_lock)
            return _queues[name].Count;
    }

    /// <summary>Puts an event into every queue that EventBridge feeds.</summary>
    public void Deliver(string body, int copies = 1)
    {
        foreach (var name in Enumerable.Repeat(_fedByEvents, copies).SelectMany(names => names))
            Send(name, body);
    }

    public QueueMessage Send(string name, string body)
    {
        lock (_lock)
        {
            var message = _queues[name].Send(body, _time.GetUtcNow());
            _arrived.TrySetResult();
            _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return message;
        }
    }

    public bool Delete(string name, string receipt)
    {
        lock (_lock)
            return _queues[name].Delete(receipt);
    }

    /// <summary>Long poll: answers as soon as there is something, or empty after <paramref name="wait"/>.</summary>
    public async Task<IReadOnlyList<QueueMessage>> ReceiveAsync(string name, int max, TimeSpan visibility, TimeSpan wait, CancellationToken cancel)
    {
        var deadline = _time.GetUtcNow() + wait;
        while (true)
        {
            Task arrived;
            lock (_lock)
            {
                var now = _time.GetUtcNow();
                var received = _queues[name].Receive(max, visibility, now);
                if (received.Count > 0 || now >= deadline)
                    return received;
                arrived = _arrived.Task;
            }
            // A message may also become visible again without anything arriving, hence the short slices.
            var slice = TimeSpan.FromMilliseconds(Math.Clamp((deadline - _time.GetUtcNow()).TotalMilliseconds, 1, 250));
            await Task.WhenAny(arrived, Task.Delay(slice, _time, cancel));
            cancel.ThrowIfCancellationRequested();
        }
    }
}
