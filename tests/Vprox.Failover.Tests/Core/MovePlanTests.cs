using CsCheck;
using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Tests.Core;

public sealed class MovePlanTests
{
    private static readonly string[] Enis = ["a/1", "a/2", "a/3", "b/1", "b/2"];
    private static readonly string[] Privates = [.. Enumerable.Range(0, 6).Select(k => $"a.{k}"), .. Enumerable.Range(0, 3).Select(k => $"b.{k}")];
    private static readonly string[] Allocations = ["e0", "e1", "e2", "e3", "e4", "e5"];

    // Every Elastic IP is placed, released or neither; every placement has a private address of its own, on an ENI of its subnet.
    private static readonly Gen<(List<DesiredAddress> Desired, List<string> Released)> Wishes =
        Gen.Select(Gen.Shuffle(Privates), Gen.Int[0, 2].Array[Allocations.Length], Gen.Int[0, 100].Array[Allocations.Length]).Select((privates, kinds, pick) =>
        (
            Allocations.Index().Where(e => kinds[e.Index] == 0).Select(e =>
            {
                var enis = Enis.Where(eni => eni[0] == privates[e.Index][0]).ToList();
                return new DesiredAddress($"192.0.2.{e.Index}", e.Item, privates[e.Index], enis[pick[e.Index] % enis.Count], "n", 1);
            }).ToList(),
            Allocations.Index().Where(e => kinds[e.Index] == 1).Select(e => e.Item).ToList()));

    private static readonly Gen<Ec2Model> States =
        Gen.Select(Gen.Int[0, 3].Array[Privates.Length], Gen.Int[0, Privates.Length * 2].Array[Allocations.Length]).Select((enis, on) => new Ec2Model(
            Privates.Index().Where(p => enis[p.Index] > 0).Select(p =>
            {
                var own = Enis.Where(eni => eni[0] == p.Item[0]).ToList();
                return (p.Item, own[enis[p.Index] % own.Count]);
            }),
            Allocations.Index().Where(e => on[e.Index] < Privates.Length).Select(e => (e.Item, Privates[on[e.Index]]))));

    [Fact]
    public void Applying_the_plan_reaches_what_is_desired_and_a_second_plan_is_empty() =>
        Gen.Select(Wishes, States).Sample((wish, ec2) =>
        {
            var before = ec2.Describe();
            foreach (var step in Plan(wish, before)) Assert.Null(ec2.Apply(step));

            var after = ec2.Describe();
            Assert.All(wish.Desired, desired => Assert.True(after.Shows(desired)));
            Assert.All(wish.Released, allocation => Assert.False(after.Associations.ContainsKey(allocation)));
            Assert.Empty(Plan(wish, after));
        });

    [Fact]
    public void A_crash_after_any_step_is_healed_by_the_next_plan() =>
        Gen.Select(Wishes, States, Gen.Int[0, 10]).Sample((wish, ec2, steps) =>
        {
            foreach (var step in Plan(wish, ec2.Describe()).Take(steps)) Assert.Null(ec2.Apply(step));

            foreach (var step in Plan(wish, ec2.Describe())) Assert.Null(ec2.Apply(step));

            Assert.All(wish.Desired, desired => Assert.True(ec2.Describe().Shows(desired)));
        });

    [Fact]
    public void Each_target_interface_is_assigned_once_and_kinds_come_in_order() =>
        Gen.Select(Wishes, States).Sample((wish, ec2) =>
        {
            var plan = Plan(wish, ec2.Describe());
            var assigned = plan.OfType<MoveStep.Assign>().Select(step => step.NetworkInterfaceId).ToList();
            Assert.Equal(assigned.Distinct(), assigned);
            var kinds = plan.Select(step => step switch { MoveStep.Assign => 0, MoveStep.Associate => 1, MoveStep.Disassociate => 2, _ => 3 }).ToList();
            Assert.Equal(kinds.Order(), kinds);
        });

    [Fact]
    public void A_node_of_two_interfaces_moves_within_its_subnet_in_two_calls()
    {
        var ec2 = new Ec2Model(
            [("a.0", "a/1"), ("a.1", "a/1"), ("a.2", "a/1")], [("e0", "a.0"), ("e1", "a.1"), ("e2", "a.2")]);
        var wish = new List<DesiredAddress>
        {
            new("192.0.2.0", "e0", "a.0", "a/2", "n2", 2), new("192.0.2.1", "e1", "a.1", "a/3", "n3", 2), new("192.0.2.2", "e2", "a.2", "a/2", "n2", 2),
        };

        Assert.Equal(["a/2: a.0 a.2", "a/3: a.1"], Plan((wish, []), ec2.Describe())
            .Select(step => step is MoveStep.Assign assign ? $"{assign.NetworkInterfaceId}: {string.Join(' ', assign.PrivateAddresses)}" : step.ToString()));
    }

    private static IReadOnlyList<MoveStep> Plan((List<DesiredAddress> Desired, List<string> Released) wish, ObservedEc2 observed) =>
        MovePlan.Plan(wish.Desired, wish.Released, wish.Desired.Select(d => d.PrivateAddress).ToHashSet(), observed);
}
