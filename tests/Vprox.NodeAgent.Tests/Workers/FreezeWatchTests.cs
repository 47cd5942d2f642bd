using Vprox.NodeAgent.Tests.Given;
using Vprox.NodeAgent.Workers;

namespace Vprox.NodeAgent.Tests.Workers;

public sealed class FreezeWatchTests
{
    private readonly ManualTime _time = new();
    private readonly FreezeWatch _freeze;

    public FreezeWatchTests() => _freeze = new FreezeWatch(_time);

    [Fact]
    public void A_process_that_was_never_stopped_serves()
    {
        for (var tick = 0; tick < 20; tick++)
        {
            Assert.Equal(TimeSpan.Zero, _freeze.Tick());
            _time.Pass(TimeSpan.FromMilliseconds(200));
            Assert.True(_freeze.MayServe);
        }
    }

    [Fact]
    public void After_a_freeze_nothing_is_served_until_IMDS_was_read_whoever_wakes_up_first()
    {
        _freeze.Tick();
        _time.Pass(TimeSpan.FromSeconds(30));

        Assert.False(_freeze.MayServe);
        Assert.Equal(TimeSpan.FromSeconds(30), _freeze.Tick());
        Assert.False(_freeze.MayServe);
        _time.Pass(TimeSpan.FromMilliseconds(10));
        Assert.True(_freeze.Accepts(_time.GetTimestamp()));
        Assert.True(_freeze.MayServe);
    }

    [Fact]
    public void What_was_asked_before_the_freeze_does_not_count()
    {
        _freeze.Tick();
        var begunAt = _time.GetTimestamp();
        _time.Pass(TimeSpan.FromSeconds(30));

        Assert.False(_freeze.Accepts(begunAt));
        Assert.False(_freeze.MayServe);
    }

    [Fact]
    public void A_virtual_machine_that_stood_still_shows_it_by_its_clock_only()
    {
        _freeze.Tick();
        _time.SetClockForward(TimeSpan.FromMinutes(1));

        Assert.False(_freeze.MayServe);
    }
}
