namespace Vprox.NodeAgent.Workers;

/// <summary>
/// Knows whether this process was stopped for a while (SIGSTOP, a frozen virtual machine, no processor): meanwhile its addresses may have gone to
/// another node. From then on it serves and says nothing until IMDS has been read anew. Whoever asks first finds it out: nothing slips through
/// between the awakening and the next tick.
/// </summary>
public sealed class FreezeWatch(TimeProvider time)
{
    /// <summary>A longer gap between ticks is a freeze: a node that is silent for so long may have been taken for dead.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private (long Timestamp, DateTimeOffset Clock)? _tick;
    private long _frozenSeenAt = long.MinValue;
    private bool _unsure;
    private TimeSpan _untold;

    /// <summary>False from a freeze until IMDS has been read.</summary>
    public bool MayServe
    {
        get
        {
            lock (_lock)
            {
                Look();
                return !_unsure;
            }
        }
    }

    /// <summary>Said at least four times in <see cref="LongestGap"/>.</summary>
    /// <returns>How long the process was frozen before; zero when it was not.</returns>
    public TimeSpan Tick()
    {
        lock (_lock)
        {
            Look();
            _tick = (time.GetTimestamp(), time.GetUtcNow());
            var frozen = _untold;
            _untold = TimeSpan.Zero;
            return frozen;
        }
    }

    /// <summary>A reading of IMDS is complete.</summary>
    /// <param name="begunAt">Timestamp of its beginning.</param>
    /// <returns>False when the process was frozen since then: what was read may be as old as that.</returns>
    public bool Accepts(long begunAt)
    {
        lock (_lock)
        {
            Look();
            if (begunAt <= _frozenSeenAt)
                return false;
            _unsure = false;
            return true;
        }
    }

    // A virtual machine's timestamps may stand still with it; its clock is set right when it goes on.
    private void Look()
    {
        if (_tick is not { } tick)
            return;
        var now = (Timestamp: time.GetTimestamp(), Clock: time.GetUtcNow());
        var gap = time.GetElapsedTime(tick.Timestamp, now.Timestamp);
        var clockGap = now.Clock - tick.Clock;
        if (gap <= LongestGap && clockGap <= LongestGap)
            return;
        _tick = now;
        _unsure = true;
        _frozenSeenAt = now.Timestamp;
        _untold = gap > clockGap ? gap : clockGap;
    }
}
