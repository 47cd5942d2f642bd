namespace Vprox.NodeAgent.Core.Metadata;

/// <summary>
/// How soon IMDS is asked again: often while an address is on its way, for that decides how long it is dark, and ever less the longer it takes, for
/// IMDS throttles an instance. Pure; its caller makes one call at a time.
/// </summary>
/// <param name="usual">Between two readings when nothing is awaited.</param>
public sealed class MetadataPace(TimeSpan usual)
{
    /// <summary>Between two readings at least, however many messages ask for one.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromMilliseconds(15);

    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan FastFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Slower = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SlowerFor = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Hurried = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan HurriedFor = TimeSpan.FromSeconds(5);

    private readonly Dictionary<AwaitedAddress, DateTimeOffset> _since = [];
    private DateTimeOffset _hurriedUntil;

    /// <summary>The wait before the next reading, beyond <see cref="Least"/>.</summary>
    /// <param name="awaited">What is awaited now; each counts from when it was first named here.</param>
    /// <param name="now">The time.</param>
    public TimeSpan Next(IReadOnlyList<AwaitedAddress> awaited, DateTimeOffset now)
    {
        foreach (var over in _since.Keys.Except(awaited).ToList())
            _since.Remove(over);
        foreach (var each in awaited)
            _since.TryAdd(each, now);
        var wait = now < _hurriedUntil ? Hurried : usual;
        if (_since.Count > 0)
        {
            var youngest = now - _since.Values.Max();
            wait = youngest < FastFor ? Fast : youngest < SlowerFor && wait > Slower ? Slower : wait;
        }
        return wait < usual ? wait : usual;
    }

    /// <summary>EC2 is said to have moved something: every wait counts anew, and for a while a change is looked for that nobody announced.</summary>
    public void Hurry(DateTimeOffset now)
    {
        _since.Clear();
        _hurriedUntil = now + HurriedFor;
    }

    /// <summary>IMDS has shown something new.</summary>
    public void Changed() => _hurriedUntil = default;
}
