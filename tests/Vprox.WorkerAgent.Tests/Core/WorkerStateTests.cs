using CsCheck;
using Vprox.Contracts;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Tests.Core;

public sealed class WorkerStateTests
{
    [Fact]
    public void What_the_grant_says_of_the_tunnel_is_made_ahead_and_nobody_goes_through_it_before_it_is_proven()
    {
        var scene = new Scene().Start("c1").Kernel();
        scene.On(new WorkerEvent.Granted("p1", scene.GrantFor("ws1", "192.0.2.10") with { Expected = Scene.Connection() }));
        var ahead = scene.State.Desired();
        Assert.Single(ahead.Tunnels);
        Assert.Empty(ahead.Prepared);
        Assert.Null(Assert.Single(ahead.Containers).Tunnel);
        Assert.IsType<Duty.ConnectToNode>(Assert.Single(scene.Kernel().Due));
        Assert.Equal(ContainerPhase.Held, scene["c1"].Phase);

        // As expected: the kernel has nothing to do.
        Assert.True(ahead.IsSameAs(scene.Connect().State.Desired()));
        Assert.Null(Assert.Single(scene.State.Desired().Containers).Tunnel);
    }

    [Fact]
    public void What_the_node_says_counts_and_not_what_was_expected()
    {
        var scene = new Scene().Start("c1").Kernel();
        var expected = Scene.Connection() with { InnerAddresses = [System.Net.IPAddress.Parse("240.0.0.9")], Blocks = [], Mtu = 1400 };
        scene.On(new WorkerEvent.Granted("p1", scene.GrantFor("ws1", "192.0.2.10") with { Expected = expected })).Connect();
        Assert.Equal((Scene.Connection().InnerAddresses[0], 1420), (scene.State.Desired().Tunnels[0].InnerAddresses[0], scene.State.Desired().Tunnels[0].Mtu));
        scene.On(new WorkerEvent.GrantRejected("p1", new("connect-refused", "no"), TimeSpan.FromSeconds(1)));
        Assert.Empty(scene.State.Desired().Tunnels);
    }

    [Fact]
    public void A_container_goes_from_received_over_held_to_routed()
    {
        var scene = new Scene().Start("c1");
        Assert.Equal(ContainerPhase.Received, scene["c1"].Phase);
        Assert.Empty(scene.Due);

        scene.Kernel();
        Assert.Equal(ContainerPhase.Held, scene["c1"].Phase);
        Assert.IsType<Duty.AskForGrant>(Assert.Single(scene.Due));

        scene.Grant();
        Assert.IsType<Duty.ConnectToNode>(Assert.Single(scene.Due));
        Assert.Empty(scene.State.Desired().Tunnels);
        Assert.Equal([0], scene.State.Desired().Prepared);

        scene.Connect().Kernel();
        Assert.IsType<Duty.ProveHandshake>(Assert.Single(scene.Due));
        Assert.Single(scene.State.Desired().Tunnels);
        Assert.Empty(scene.State.Desired().Prepared);
        Assert.Null(Assert.Single(scene.State.Desired().Containers).Tunnel);

        scene.Prove();
        Assert.Equal(0, Assert.Single(scene.State.Desired().Containers).Tunnel);
        scene.Kernel();
        Assert.Equal(ContainerPhase.Routed, scene["c1"].Phase);
        Assert.False(scene["c1"].Answered);
        Assert.Empty(scene.Due);
    }

    [Fact]
    public void The_next_tunnel_takes_the_interface_that_is_kept_ready_and_another_is_kept()
    {
        var scene = new Scene(spare: true).Kernel();
        Assert.Equal([0], scene.State.Desired().Prepared);

        scene.Start("c1").Kernel();
        Assert.Equal((0, 1), (scene.Tunnel.Slot, scene.State.Spare));
        Assert.Equal([0, 1], scene.State.Desired().Prepared);

        // Somebody else's, then: the spare one is not ours to take. That the first is free again changes nothing.
        scene.Kernel(foreign: 1);
        Assert.Equal(2, scene.State.Spare);
        scene.Stop("c1").Kernel().On(new WorkerEvent.Disconnected("p1")).Kernel();
        Assert.Equal([2], scene.State.Desired().Prepared);
        Assert.Empty(new Scene().Kernel().State.Desired().Prepared);
    }

    [Fact]
    public void The_second_container_of_a_tunnel_needs_nobody()
    {
        var scene = new Scene().Route("c1").Start("c2", "10.88.0.3").Kernel();
        Assert.Equal(ContainerPhase.Routed, scene["c2"].Phase);
        Assert.Empty(scene.Due);
    }

    [Fact]
    public void Two_hundred_containers_at_once_share_one_tunnel()
    {
        var scene = new Scene();
        for (var i = 0; i < 200; i++)
            scene.Start($"c{i}", $"10.88.1.{i}");
        scene.Kernel();
        Assert.Single(scene.Due);
        scene.Grant().Connect().Kernel().Prove().Kernel();
        Assert.All(scene.State.Containers.Values, container => Assert.Equal(ContainerPhase.Routed, container.Phase));
        Assert.Single(scene.State.Tunnels);
    }

    [Fact]
    public void A_start_that_comes_twice_is_answered_again_and_changes_nothing()
    {
        var scene = new Scene().Route("c1").On(new WorkerEvent.AnswerDelivered("c1", ContainerPhase.Routed));
        Assert.True(scene["c1"].Answered);
        scene.Start("c1");
        Assert.False(scene["c1"].Answered);
        Assert.Equal(ContainerPhase.Routed, scene["c1"].Phase);
        Assert.Single(scene.State.Containers);
    }

    [Fact]
    public void A_start_with_a_known_id_and_other_content_is_refused_and_the_first_stays()
    {
        var scene = new Scene().Route("c1").Start("c1", "10.88.0.7");
        Assert.Equal(ContainerRefusedCode.InvalidRequest, Assert.Single(scene.State.Refusals).Code);
        Assert.Equal("10.88.0.2", scene["c1"].Ip.ToString());
        Assert.Equal(ContainerPhase.Routed, scene["c1"].Phase);
    }

    [Fact]
    public void Of_two_containers_with_one_address_the_second_is_refused_and_the_first_unaffected()
    {
        var scene = new Scene().Route("c1").Start("c2").Kernel();
        Assert.Equal(ContainerRefusedCode.AddressInUse, scene["c2"].Refusal?.Code);
        Assert.Equal(0, Assert.Single(scene.State.Desired().Containers).Tunnel);

        // Both must be gone before the address is open.
        scene.Stop("c1").Kernel();
        Assert.Null(Assert.Single(scene.State.Desired().Containers).Tunnel);
        scene.Stop("c2").Kernel();
        Assert.Empty(scene.State.Desired().Containers);
    }

    [Fact]
    public void A_refused_container_that_is_started_again_is_tried_again()
    {
        var scene = new Scene().Start("c1").Kernel()
            .On(new WorkerEvent.GrantRefused("p1", null, new(ContainerRefusedCode.UnknownProxy, "not ready")));
        Assert.Equal(ContainerPhase.Refused, scene["c1"].Phase);
        Assert.Empty(scene.State.Tunnels);
        Assert.Single(scene.State.Desired().Containers);

        scene.Start("c1").Kernel();
        Assert.IsType<Duty.AskForGrant>(Assert.Single(scene.Due));
    }

    [Fact]
    public void A_container_that_this_worker_cannot_reach_is_refused_and_closed_all_the_same()
    {
        var scene = new Scene().Start("c1", foreign: true).Kernel();
        Assert.Equal(ContainerPhase.Refused, scene["c1"].Phase);
        Assert.Single(scene.State.Desired().Containers);
        Assert.Empty(scene.State.Tunnels);
    }

    [Fact]
    public void A_container_of_another_workspace_is_refused_without_asking()
    {
        var scene = new Scene().Route("c1").Start("c2", "10.88.0.3", workspace: "ws2").Kernel();
        Assert.Equal(ContainerRefusedCode.ForeignProxy, scene["c2"].Refusal?.Code);
        Assert.Equal(ContainerPhase.Routed, scene["c1"].Phase);
    }

    [Fact]
    public void A_foreign_workspace_that_came_first_does_not_spoil_it_for_the_owner()
    {
        var scene = new Scene().Start("c1", "10.88.0.2", workspace: "ws2").Start("c2", "10.88.0.3", workspace: "ws1").Kernel();
        var ask = Assert.IsType<Duty.AskForGrant>(Assert.Single(scene.Due));
        Assert.Equal("ws2", ask.WorkspaceId);
        scene.On(new WorkerEvent.GrantRefused("p1", "ws2", new(ContainerRefusedCode.ForeignProxy, "not yours")));
        Assert.Equal(ContainerPhase.Refused, scene["c1"].Phase);
        Assert.Equal("ws1", Assert.IsType<Duty.AskForGrant>(Assert.Single(scene.Due)).WorkspaceId);
    }

    [Fact]
    public void A_stop_before_its_start_cancels_it()
    {
        var scene = new Scene().Stop("c1").Start("c1").Kernel();
        Assert.Empty(scene.State.Containers);
        Assert.Empty(scene.State.Tunnels);
    }

    [Fact]
    public void Stops_are_remembered_for_a_time_and_in_a_bounded_number()
    {
        var scene = new Scene();
        for (var i = 0; i < 5; i++)
            scene.After(TimeSpan.FromSeconds(1)).Stop($"c{i}");
        Assert.Equal(["c2", "c3", "c4"], scene.State.Tombstones.Keys);
        scene.After(TimeSpan.FromMinutes(10));
        Assert.Empty(scene.State.Tombstones);
    }

    [Fact]
    public void A_container_without_a_path_is_refused_in_time_with_the_cause_and_stays_held()
    {
        var scene = new Scene().Start("c1").Kernel()
            .On(new WorkerEvent.AttemptFailed("p1", new(ContainerRefusedCode.Unreachable, "no answer in time"), TimeSpan.FromSeconds(1)))
            .After(TimeSpan.FromSeconds(29));
        Assert.Equal(ContainerPhase.Held, scene["c1"].Phase);
        scene.After(TimeSpan.FromSeconds(1));
        Assert.Equal(ContainerPhase.Refused, scene["c1"].Phase);
        Assert.Contains("no answer in time", scene["c1"].Refusal?.Reason, StringComparison.Ordinal);
        Assert.Single(scene.State.Desired().Containers);
        Assert.Empty(scene.State.Tunnels);
    }

    [Fact]
    public void The_last_container_leaves_its_tunnel_for_a_while()
    {
        var scene = new Scene().Route("c1").Stop("c1").Kernel();
        Assert.Single(scene.State.Desired().Tunnels);
        Assert.Empty(scene.Due);
        scene.After(TimeSpan.FromSeconds(30));
        Assert.IsType<Duty.Disconnect>(Assert.Single(scene.Due));
        scene.Stop("c1").Kernel().On(new WorkerEvent.Disconnected("p1")).Kernel();
        Assert.Empty(scene.State.Desired().Tunnels);
    }

    [Fact]
    public void A_container_that_comes_while_the_tunnel_lingers_finds_it()
    {
        var scene = new Scene().Route("c1").Stop("c1").After(TimeSpan.FromSeconds(10)).Start("c2").Kernel().After(TimeSpan.FromSeconds(60));
        Assert.Equal(ContainerPhase.Routed, scene["c2"].Phase);
        Assert.Empty(scene.Due);
    }

    [Fact]
    public void A_container_that_comes_while_the_node_is_told_goodbye_makes_it_reconnect()
    {
        var scene = new Scene().Route("c1").Stop("c1").After(TimeSpan.FromSeconds(30)).Start("c2").Kernel().On(new WorkerEvent.Disconnected("p1"));
        Assert.IsType<Duty.Reconnect>(Assert.Single(scene.Due));
    }

    [Fact]
    public void A_lost_tunnel_keeps_its_containers_and_takes_no_new_ones_until_it_answers()
    {
        var scene = new Scene().Route("c1").On(new WorkerEvent.FellSilent("p1")).Start("c2", "10.88.0.3").Kernel();
        Assert.IsType<Duty.Reconnect>(Assert.Single(scene.Due));
        Assert.Equal(ContainerPhase.Routed, scene["c1"].Phase);
        Assert.Equal(ContainerPhase.Held, scene["c2"].Phase);
        scene.Prove().Kernel();
        Assert.Equal(ContainerPhase.Routed, scene["c2"].Phase);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_node_that_agrees_without_a_handshake_is_asked_ever_less_often_until_one_happens(bool wasProven)
    {
        var scene = wasProven ? new Scene().Route("c1").On(new WorkerEvent.FellSilent("p1")) : new Scene().Start("c1").Kernel().Grant();
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            scene.Connect().On(new WorkerEvent.AttemptFailed("p1", new(ContainerRefusedCode.Unreachable, "no WireGuard handshake happened"), TimeSpan.FromSeconds(1)));
            Assert.Equal(attempt, scene.Tunnel.Attempt);
            Assert.Empty(scene.Due);
            scene.After(TimeSpan.FromSeconds(1)).Kernel();
            Assert.IsType(wasProven ? typeof(Duty.Reconnect) : typeof(Duty.ConnectToNode), Assert.Single(scene.Due));
        }
        Assert.Equal(0, scene.Connect().Prove().Tunnel.Attempt);
    }

    [Fact]
    public void A_grant_is_renewed_at_half_its_life_and_the_old_one_serves_until_then()
    {
        var scene = new Scene().Route("c1").After(TimeSpan.FromHours(12));
        Assert.IsType<Duty.RenewGrant>(Assert.Single(scene.Due));
        scene.On(new WorkerEvent.AttemptFailed("p1", new(ContainerRefusedCode.Unreachable, "no Allocator"), TimeSpan.FromSeconds(1))).After(TimeSpan.FromSeconds(2));
        Assert.Empty(scene.Due);
        Assert.Equal(ContainerPhase.Routed, scene["c1"].Phase);
        scene.After(TimeSpan.FromSeconds(30));
        Assert.IsType<Duty.RenewGrant>(Assert.Single(scene.Due));
    }

    [Fact]
    public void Whatever_happens_in_whatever_order_every_container_that_was_not_stopped_is_held()
    {
        var ids = Gen.Int[0, 3].Select(i => $"c{i}");
        var events = Gen.Frequency(
            (4, Gen.Select(ids, Gen.Int[2, 4], Gen.Int[1, 2]).Select<(string Id, int Ip, int Proxy), Action<Scene>>(each => scene => scene.Start(each.Id, $"10.88.0.{each.Ip}", $"p{each.Proxy}"))),
            (2, ids.Select<string, Action<Scene>>(id => scene => scene.Stop(id))),
            (2, Gen.Int[1, 2].Select<int, Action<Scene>>(proxy => scene => scene.Grant($"p{proxy}"))),
            (2, Gen.Int[1, 2].Select<int, Action<Scene>>(proxy => scene => scene.Connect($"p{proxy}"))),
            (2, Gen.Int[1, 2].Select<int, Action<Scene>>(proxy => scene => scene.Prove($"p{proxy}"))),
            (1, Gen.Int[1, 2].Select<int, Action<Scene>>(proxy => scene => scene.On(new WorkerEvent.FellSilent($"p{proxy}")))),
            (1, Gen.Int[1, 2].Select<int, Action<Scene>>(proxy => scene => scene.On(new WorkerEvent.Disconnected($"p{proxy}")))),
            (2, Gen.Int[1, 40].Select<int, Action<Scene>>(seconds => scene => scene.After(TimeSpan.FromSeconds(seconds)))),
            (3, Gen.Const<Action<Scene>>(scene => scene.Kernel())));
        events.Array[0, 40].Sample(actions =>
        {
            var scene = new Scene();
            foreach (var action in actions)
            {
                action(scene);
                var desired = scene.State.Desired();
                Assert.Equal(
                    scene.State.Containers.Values.Select(container => container.Ip.ToString()).Distinct().Order(),
                    desired.Containers.Select(container => container.Ip.ToString()).Order());
                Assert.All(desired.Containers.Where(container => container.Tunnel is not null),
                    container => Assert.Contains(desired.Tunnels, tunnel => tunnel.Slot == container.Tunnel));
                var owners = scene.State.Containers.Values.Where(container => container.Phase != ContainerPhase.Refused).ToList();
                Assert.Equal(owners.Count, owners.Select(container => container.Ip.ToString()).Distinct().Count());
            }
        });
    }
}
