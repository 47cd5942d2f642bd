using Vprox.Scenarios.Flows;
using Vprox.Scenarios.Results;
using static Vprox.Scenarios.Tests.Recorded;

namespace Vprox.Scenarios.Tests;

public sealed class TimelineReadingTests
{
    private const string First = "192.0.2.10";
    private const string Second = "192.0.2.11";

    [Fact]
    public void A_step_is_done_when_it_is_done_for_the_last_address_that_moved()
    {
        var read = new TimelineReading(Fault)
        {
            Messages =
            [
                Message("vprox.node-suspected", 700), Message("vprox.node-suspected", 900), Message("vprox.node-unhealthy", 760),
                Placed(First, 2, 800), Placed(Second, 2, 810),
            ],
            Moves = [Move(First, 830, 1150), Move(Second, 840, 1170)],
            Handshakes = new Dictionary<string, DateTimeOffset> { [First] = Wall(1200), [Second] = Wall(1190) },
            Flows = Report(5000,
                Flow(First, FlowKind.Echo, -50, 1100, 1260, 1300), Flow(First, FlowKind.Push, -20, 1240), Flow(Second, FlowKind.Udp, 1180, 1250)),
        };

        Assert.Equal(new Timeline { Suspected = 700, Confirmed = 760, Placed = 810, Moved = 1170, Handshake = 1200, FirstByte = 1240 }, Rounded(read.Read()));
    }

    [Fact]
    public void An_address_that_was_placed_and_moved_twice_counts_as_it_was_at_last()
    {
        var read = Reading([Placed(First, 3, 2000), Placed(First, 2, 800), Placed(First, 2, 2500)], [Move(First, 820, 1100), Move(First, 2050, 2350)]);
        Assert.Equal((2000.0, 2350.0), (Math.Round(read.Placed!.Value), Math.Round(read.Moved!.Value)));
    }

    [Fact]
    public void Moves_before_the_fault_and_moves_without_effect_are_none()
    {
        Assert.Null(Reading([], [Move(First, -500, 100), Move(Second, 300, null)]).Moved);
    }

    [Fact]
    public void A_drain_is_confirmed_by_its_beginning_and_suspects_nobody()
    {
        var read = Reading([Message("vprox.node-draining", 40)], []);
        Assert.Equal((null, 40), (read.Suspected, Math.Round(read.Confirmed!.Value)));
    }

    [Fact]
    public void Where_nothing_happened_no_step_has_a_time() => Assert.All(Reading([], []).Steps, step => Assert.Null(step.Ms));

    private static Timeline Reading(IReadOnlyList<Drills.BusMessage> messages, IReadOnlyList<Lab.Cloud.Moves.AddressMove> moves) => new TimelineReading(Fault)
    {
        Messages = messages,
        Moves = moves,
        Handshakes = new Dictionary<string, DateTimeOffset>(),
        Flows = null,
    }.Read();

    private static Timeline Rounded(Timeline steps) => new()
    {
        Suspected = Round(steps.Suspected),
        Confirmed = Round(steps.Confirmed),
        Placed = Round(steps.Placed),
        Moved = Round(steps.Moved),
        Handshake = Round(steps.Handshake),
        FirstByte = Round(steps.FirstByte),
    };

    private static double? Round(double? ms) => ms is { } value ? Math.Round(value) : null;
}
