namespace Vprox.NodeAgent.Tests.Given;

/// <summary>A clock that a test moves.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _timestamp = 1_000_000;
    private DateTimeOffset _now = Some.Now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _timestamp;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Pass(TimeSpan time)
    {
        _timestamp += time.Ticks;
        _now += time;
    }

    public void SetClockForward(TimeSpan time) => _now += time;
}
