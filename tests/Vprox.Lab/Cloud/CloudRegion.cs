using Vprox.Lab.Cloud.Faults;
using Vprox.Lab.Cloud.Moves;
using Vprox.Lab.Cloud.Sqs;
using Vprox.Lab.Cloud.State;

namespace Vprox.Lab.Cloud;

/// <summary>
/// The one mutable thing of the cloud: EC2's state with its history, the knobs, the buckets, the queues and the call log, under one lock.
/// Every rule lives in State/; here is only when.
/// </summary>
public sealed class CloudRegion
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Dictionary<string, TokenBucket> _buckets = [];
    private readonly List<ApiCall> _calls = [];
    private StateHistory _history;
    private CloudSettings _settings = new();
    private DateTimeOffset _settingsChangedAt;
    private TaskCompletionSource _changed = NewSignal();

    public CloudRegion(CloudSeed seed, TimeProvider time)
    {
        _time = time;
        Name = seed.Region;
        _history = StateHistory.StartingWith(seed.ToState());
        Queues = new QueueSet(seed.EventQueues, time);
    }

    public string Name { get; }

    public QueueSet Queues { get; }

    /// <summary>What calls meet instead of being done.</summary>
    public FaultSet Faults { get; } = new();

    /// <summary>Which calls stop where.</summary>
    public CallHolds Holds { get; } = new();

    /// <summary>What went where, and when.</summary>
    public MoveLog Moves { get; } = new();

    public DateTimeOffset Now => _time.GetUtcNow();

    public CloudSettings Settings
    {
        get { lock (_lock) return _settings; }
        set
        {
            lock (_lock)
            {
                _settings = value;
                _settingsChangedAt = Now;
                Signal();
            }
        }
    }

    /// <summary>The truth.</summary>
    public Ec2State Current { get { lock (_lock) return _history.Current; } }

    /// <summary>What Describe* answers from.</summary>
    public Ec2State Described { get { lock (_lock) return _history.AsOf(_settings.DescribeAsOf ?? StateHistory.Before(Now, _settings.DescribeLag)); } }

    /// <summary>What IMDS and the data path follow.</summary>
    public Ec2State Effective => EffectiveAt(Now);

    /// <summary>What they followed, or will, at a moment.</summary>
    public Ec2State EffectiveAt(DateTimeOffset time)
    {
        lock (_lock)
            return _history.AsOf(StateHistory.Before(time, _settings.EffectDelay));
    }

    public IReadOnlyList<ApiCall> Calls { get { lock (_lock) return [.. _calls]; } }

    /// <param name="command">What to do.</param>
    /// <param name="arrived">When the call with it arrived; null for now.</param>
    public Change<T> Execute<T>(IEc2Command<T> command, Moment? arrived = null)
    {
        lock (_lock)
        {
            var change = command.ApplyTo(_history.Current, Now);
            if (change.State is { } next)
                Record(next, command.GetType().Name, arrived);
            return change;
        }
    }

    /// <summary>Changes the state past the API, as EC2's own hardware or a person at the console does.</summary>
    public void Mutate(Func<Ec2State, DateTimeOffset, Ec2State> change)
    {
        lock (_lock)
            Record(change(_history.Current, Now));
    }

    /// <summary>Lets every instance transition that is due happen.</summary>
    public void Advance() => Mutate(InstanceLifecycle.Advance);

    /// <summary>Takes a token of the action's bucket; false when the caller must wait.</summary>
    public bool Admit(string action, bool unfiltered)
    {
        lock (_lock)
        {
            if (!_settings.Throttling)
                return true;
            var (name, full) = ApiLimits.For(action, unfiltered);
            (_buckets[name], var passed) = _buckets.GetValueOrDefault(name, full).Take(Now);
            return passed;
        }
    }

    public void Inject(InjectedFault fault) => Faults.Add(fault);

    public void Log(ApiCall call)
    {
        lock (_lock)
            _calls.Add(call);
    }

    public void ForgetCalls()
    {
        lock (_lock)
            _calls.Clear();
    }

    /// <summary>
    /// Completes when something may look different from what it was at a moment: a change, an effect that arrives, an instance's next state.
    /// </summary>
    /// <param name="lookedAt">When the caller looked; what happened between then and now counts.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task WaitAsync(DateTimeOffset lookedAt, CancellationToken cancel)
    {
        Task changed;
        DateTimeOffset? next;
        lock (_lock)
        {
            if (_settingsChangedAt > lookedAt)
                return;
            changed = _changed.Task;
            next = NextEvent(lookedAt);
        }
        if (next is not { } due)
        {
            await changed.WaitAsync(cancel);
            return;
        }
        var span = due - Now;
        if (span > TimeSpan.Zero)
            await Task.WhenAny(changed, Task.Delay(span, _time, cancel));
        cancel.ThrowIfCancellationRequested();
    }

    private DateTimeOffset? NextEvent(DateTimeOffset lookedAt)
    {
        var effect = _history.NextAfter(StateHistory.Before(lookedAt, _settings.EffectDelay)) + _settings.EffectDelay;
        var transition = InstanceLifecycle.NextDue(_history.Current);
        return effect is null || transition < effect ? transition : effect;
    }

    private void Record(Ec2State next, string action = "", Moment? called = null)
    {
        var before = _history.Current;
        if (ReferenceEquals(before, next))
            return;
        var decided = Moment.Now(_time);
        _history = _history.Then(next, decided.Wall);
        Moves.Record(before, next, action, called ?? decided, decided);
        foreach (var body in InstanceEvents.Between(before, next, Name, Now))
            Queues.Deliver(body, copies: _settings.DuplicateEvents ? 2 : 1);
        Signal();
    }

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
