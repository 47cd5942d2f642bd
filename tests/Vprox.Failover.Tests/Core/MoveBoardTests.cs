using System.Collections.Immutable;
using CsCheck;
using Vprox.Failover.Core.Calls;
using Vprox.Failover.Core.Liveness;
using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Tests.Core;

public sealed class MoveBoardTests
{
    // Ten addresses of subnet a, on ENIs of three nodes; generation 1 is on node 1, the wish on any of them.
    private const int Count = 10;

    private static readonly Gen<Placements> Wishes = Gen.Int[1, 3].Array[Count].Select(nodes =>
        nodes.Index().Aggregate(Placements.Empty, (all, wish) => all.Place(Placed(wish.Index, wish.Item, 2))));

    // How calls end: mostly as EC2 says, sometimes with an answer that is lost after or before the effect, or with throttling.
    private static readonly Gen<int[]> Troubles = Gen.Frequency((6, Gen.Const(0)), (1, Gen.Const(1)), (1, Gen.Const(2)), (1, Gen.Const(3))).Array[40];

    [Fact]
    public void Whatever_calls_meet_every_address_arrives_once_and_is_told_once() =>
        Gen.Select(Wishes, Troubles).Sample((wish, troubles) =>
        {
            var ec2 = OnNode1();
            var run = new BoardRun(ec2) { Trouble = Meet(ec2, troubles) };
            run.Follow(wish, isNews: true);

            Assert.True(run.Run());
            Assert.All(wish.Desired.Values, placed => Assert.True(ec2.Describe().Shows(placed)));
            Assert.Equal(wish.Desired.Keys, run.Events.OfType<MoveEvent.Arrived>().Select(e => e.Move.Address).Order(StringComparer.Ordinal));
        });

    [Fact]
    public void A_kill_before_any_call_or_answer_is_healed_by_the_next_process() =>
        Gen.Select(Wishes, Troubles, Gen.Int[0, 12], Gen.Bool).Sample((wish, troubles, dies, cross) =>
        {
            var ec2 = OnNode1();
            if (cross) wish = wish.Place(Placed(0, 4, 3)).Place(Placed(1, 5, 3));
            var first = new BoardRun(ec2) { Trouble = Meet(ec2, troubles) };
            first.Follow(wish, isNews: true);
            first.Run(diesAt: dies);

            var second = new BoardRun(ec2);
            second.Follow(wish, isNews: false);

            Assert.True(second.Run());
            Assert.All(wish.Desired.Values, placed => Assert.True(ec2.Describe().Shows(placed)));
        });

    [Fact]
    public void No_address_that_a_placement_wants_is_ever_unassigned() =>
        Gen.Select(Wishes, Gen.Int[3, 5].Array[3], Troubles).Sample((wish, others, troubles) =>
        {
            foreach (var (k, node) in others.Index()) wish = wish.Place(Placed(k, node, 3));
            var ec2 = OnNode1();
            var run = new BoardRun(ec2) { Trouble = Meet(ec2, troubles) };
            run.Follow(wish, isNews: true);
            run.Run();

            var wanted = wish.Desired.Values.Select(placed => placed.PrivateAddress).ToHashSet();
            Assert.All(run.Calls.Select(call => call.Step).OfType<MoveStep.Unassign>(), step => Assert.DoesNotContain(step.PrivateAddresses, wanted.Contains));
        });

    [Fact]
    public void Placements_that_come_as_single_messages_make_one_call_per_target_interface() =>
        Gen.Select(Wishes, Gen.Shuffle(Enumerable.Range(0, Count).ToArray())).Sample((wish, order) =>
        {
            var run = new BoardRun(OnNode1());
            run.Follow(Enumerable.Range(0, Count).Aggregate(Placements.Empty, (all, k) => all.Place(Placed(k, 1, 1))), isNews: false);
            run.Run();
            var (placements, clock) = (run.Told.Placements, run.Now);
            foreach (var k in order)
            {
                placements = placements.Place(wish.Desired[$"192.0.2.{k}"]);
                run.Now = clock += TimeSpan.FromMilliseconds(2);
                run.Follow(placements, isNews: true);
            }
            run.Run();

            var targets = run.Calls.Select(call => Assert.IsType<MoveStep.Assign>(call.Step).NetworkInterfaceId).ToList();
            Assert.Equal(targets.Distinct(), targets);
        });

    [Fact]
    public void Placements_that_say_how_many_come_together_make_one_call_per_target_interface_however_slowly_they_come() =>
        Gen.Select(Wishes, Gen.Shuffle(Enumerable.Range(0, Count).ToArray()), Gen.Int[0, 49].Array[Count]).Sample((wish, order, pauses) =>
        {
            var run = new BoardRun(OnNode1());
            run.Follow(Enumerable.Range(0, Count).Aggregate(Placements.Empty, (all, k) => all.Place(Placed(k, 1, 1))), isNews: false);
            run.Run();
            var placements = run.Told.Placements;
            foreach (var (k, pause) in order.Zip(pauses))
            {
                placements = placements.Place(Together(wish, $"192.0.2.{k}"));
                run.Now += TimeSpan.FromMilliseconds(pause);
                run.Follow(placements, isNews: true);
                run.Step();
            }
            Assert.True(run.Run());

            var targets = run.Calls.Select(call => Assert.IsType<MoveStep.Assign>(call.Step).NetworkInterfaceId).ToList();
            Assert.Equal(targets.Distinct(), targets);
        });

    [Fact]
    public void A_placement_that_is_alone_goes_at_once_and_those_that_lack_one_go_after_half_a_second()
    {
        var run = new BoardRun(OnNode1());
        run.Follow(Enumerable.Range(0, Count).Aggregate(Placements.Empty, (all, k) => all.Place(Placed(k, 1, 1))), isNews: false);
        run.Run();
        run.Follow(run.Told.Placements
            .Place(Placed(0, 2, 2) with { PlacedTogether = 1 })
            .Place(Placed(1, 3, 2) with { PlacedTogether = 3 })
            .Place(Placed(2, 3, 2) with { PlacedTogether = 3 }), isNews: true);

        run.Step();
        Assert.Equal(["a/2"], Targets());
        run.Now += TimeSpan.FromMilliseconds(499);
        run.Step();
        Assert.Equal(["a/2"], Targets());
        run.Now += TimeSpan.FromMilliseconds(1);
        run.Step();
        Assert.Equal(["a/2", "a/3"], Targets());

        run.Follow(run.Told.Placements.Place(Placed(3, 3, 2) with { PlacedTogether = 3 }), isNews: true);
        run.Step();
        Assert.Equal(["a/2", "a/3", "a/3"], Targets());

        IEnumerable<string> Targets() => run.Calls.Select(call => ((MoveStep.Assign)call.Step).NetworkInterfaceId);
    }

    [Fact]
    public void The_most_important_address_goes_first()
    {
        var run = new BoardRun(new Ec2Model([], []));
        var wish = Placements.Empty
            .Place(Placed(1, 1, 1) with { GuaranteedMbps = 10 })
            .Place(Placed(2, 2, 1) with { Peers = 3 })
            .Place(Placed(3, 3, 1) with { Peers = 3, GuaranteedMbps = 5 })
            .Place(Placed(4, 4, 1))
            .Release("192.0.2.9", 7);
        run.Follow(wish, isNews: false);
        run.Run();

        Assert.Equal(["a/3", "a/2", "a/1", "b/4"], run.Calls.Select(call => call.Step).OfType<MoveStep.Assign>().Select(step => step.NetworkInterfaceId));
    }

    [Fact]
    public void One_bad_address_of_a_list_is_found_by_halving_and_the_others_arrive()
    {
        var ec2 = new Ec2Model([], []);
        var run = new BoardRun(ec2)
        {
            Trouble = call => call.Step is MoveStep.Assign assign && assign.PrivateAddresses.Contains("a.6")
                ? new CallOutcome.Refused(Refusal.Rejected, "[a.6] assigned, but move is not allowed.")
                : null,
        };
        var wish = Enumerable.Range(0, Count).Aggregate(Placements.Empty, (all, k) => all.Place(Placed(k, 1, 1)));
        run.Follow(wish, isNews: true);
        run.Run(rounds: 20);

        Assert.Equal(["192.0.2.6"], run.Board.Open);
        Assert.InRange(run.Calls.Count(call => call.Step is MoveStep.Assign), 4, 9);
    }

    [Fact]
    public void Addresses_that_leave_a_living_node_for_one_interface_wait_for_each_other_and_go_in_one_call()
    {
        var run = new BoardRun(OnNode1()) { Standings = _ => new(false, default, false) };
        run.Told = run.Told with { NodeOfInterface = run.Told.NodeOfInterface.Add("a/1", "n1") };
        run.Follow(Enumerable.Range(0, 3).Aggregate(Placements.Empty, (all, k) => all.Place(Placed(k, 2, 2))), isNews: true);
        foreach (var k in Enumerable.Range(0, 3))
        {
            run.Run(rounds: 5);
            Assert.Empty(run.Calls);
            run.Told = run.Told with { Prepared = run.Told.Prepared.Add($"192.0.2.{k}", new NodeWord("n2", 2)) };
        }
        run.Run();

        Assert.Equal(3, run.Events.OfType<MoveEvent.Arrived>().Count());
        Assert.Single(run.Calls, call => call.Step is MoveStep.Assign);
    }

    [Fact]
    public void A_move_from_a_living_node_waits_for_its_target_and_one_from_a_dead_node_does_not()
    {
        var wish = Placements.Empty.Place(Placed(1, 2, 2));
        foreach (var (standing, prepared, waits) in new (NodeStandingNow?, bool, bool)[]
        {
            (new(false, default, false), false, true), (new(false, default, false), true, false), (new(true, default, false), false, false), (null, false, false),
        })
        {
            var run = new BoardRun(OnNode1()) { Standings = _ => standing };
            run.Told = run.Told with { NodeOfInterface = run.Told.NodeOfInterface.Add("a/1", "n1") };
            if (prepared) run.Told = run.Told with { Prepared = run.Told.Prepared.Add("192.0.2.1", new NodeWord("n2", 2)) };
            run.Follow(wish, isNews: true);
            run.Run(rounds: 20);

            Assert.Equal(waits, run.Calls.Count == 0);
            run.Run();
            Assert.Equal(["192.0.2.1"], run.Events.OfType<MoveEvent.Arrived>().Select(e => e.Move.Address));
            Assert.Equal(waits, run.Events.OfType<MoveEvent.Arrived>().Single().Move.StepsMs.GetValueOrDefault("wait") >= BoardRun.PrepareTimeout.TotalMilliseconds);
        }
    }

    [Fact]
    public void The_node_that_sees_the_address_confirms_it_while_EC2_still_shows_it_elsewhere()
    {
        var run = new BoardRun(OnNode1());
        var before = run.Look(Ec2Question.About(["e1"], [], ["a/1", "a/2"]));
        run.Follow(Placements.Empty.Place(Placed(1, 2, 2)), isNews: true);
        var board = run.Board.Observed(Ec2Question.About(["e1"], [], ["a/1", "a/2"]), before, run.Now, run.Now, TimeSpan.FromSeconds(3));
        (board, var calls) = board.Plan(run.Told, _ => null, default, TimeSpan.FromSeconds(1));
        board = board.Started(calls[0], _ => null).Answered(calls[0], new CallOutcome.Done(), TimeSpan.FromSeconds(1.1), 0);

        var stale = board.Observed(Ec2Question.About(["e1"], [], []), before, TimeSpan.FromSeconds(1.2), TimeSpan.FromSeconds(1.2), TimeSpan.FromSeconds(3));
        Assert.Empty(stale.Events);
        Assert.Empty(stale.Plan(run.Told, _ => null, default, TimeSpan.FromSeconds(1.2)).Calls);
        var told = run.Told with { Serving = ImmutableDictionary<string, NodeWord>.Empty.Add("192.0.2.1", new NodeWord("n2", 2)) };
        var witnessed = stale.Witnessed(told, TimeSpan.FromSeconds(1.4));
        var arrived = Assert.IsType<MoveEvent.Arrived>(Assert.Single(witnessed.Events));
        Assert.Equal(300, arrived.Move.StepsMs["confirm"]);
        Assert.Empty(witnessed.Emptied().Witnessed(told, TimeSpan.FromSeconds(1.5)).Events);

        // What EC2 shows for longer than reads can lag is believed in the end, and the move is made again.
        var insisting = witnessed.Observed(Ec2Question.About(["e1"], [], ["a/1", "a/2"]), before, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(3));
        Assert.Single(insisting.Plan(run.Told, _ => null, default, TimeSpan.FromSeconds(5)).Calls);
    }

    private static Ec2Model OnNode1() => new(
        Enumerable.Range(0, Count).Select(k => ($"a.{k}", "a/1")), Enumerable.Range(0, Count).Select(k => ($"e{k}", $"a.{k}")));

    // Nodes 1 to 3 are in subnet a, 4 and 5 in subnet b.
    private static DesiredAddress Placed(int k, int node, long generation) =>
        new($"192.0.2.{k}", $"e{k}", node > 3 ? $"b.{k}" : $"a.{k}", node > 3 ? $"b/{node}" : $"a/{node}", $"n{node}", generation);

    private static DesiredAddress Together(Placements wish, string address) => wish.Desired[address] with
    {
        PlacedTogether = wish.Desired.Values.Count(other => other.NetworkInterfaceId == wish.Desired[address].NetworkInterfaceId),
    };

    private static Func<MoveCall, CallOutcome?> Meet(Ec2Model ec2, int[] troubles)
    {
        var met = 0;
        return call =>
        {
            var trouble = met < troubles.Length ? troubles[met++] : 0;
            if (trouble == 1) ec2.Apply(call.Step);
            return trouble switch
            {
                1 or 2 => new CallOutcome.Refused(Refusal.Unavailable, "no answer"),
                3 => new CallOutcome.Refused(Refusal.Throttled, "RequestLimitExceeded"),
                _ => null,
            };
        };
    }
}
