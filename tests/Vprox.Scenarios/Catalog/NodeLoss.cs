using Vprox.Lab.Topology;
using Vprox.Lab.Topology.Faults;
using Vprox.Scenarios.Drills;

namespace Vprox.Scenarios.Catalog;

/// <summary>Nodes are lost: their addresses must move, and every connection with them.</summary>
internal static class NodeLoss
{
    public static Scenario HostDead { get; } = new()
    {
        Name = "host-dead",
        Shows = "A node loses power: its addresses move, and all connections go on.",
        RunAsync = (drill, cancel) => LoseBusiestAsync(drill, node => node.KillAsync(), node => node.Revive(), cancel),
    };

    public static Scenario HostFrozen { get; } = new()
    {
        Name = "host-frozen",
        Shows = "A node stands still, as a virtual machine that is not scheduled: its addresses move.",
        RunAsync = (drill, cancel) => LoseBusiestAsync(drill, Now(node => node.Freeze()), node => node.Thaw(), cancel),
    };

    public static Scenario UplinkOutLost { get; } = new()
    {
        Name = "uplink-out-lost",
        Shows = "What a node sends is lost, what is sent to it arrives: its addresses move.",
        RunAsync = (drill, cancel) => LoseUplinkAsync(drill, PacketDirection.Outbound, cancel),
    };

    public static Scenario UplinkInLost { get; } = new()
    {
        Name = "uplink-in-lost",
        Shows = "What is sent to a node is lost, what it sends arrives: its addresses move.",
        RunAsync = (drill, cancel) => LoseUplinkAsync(drill, PacketDirection.Inbound, cancel),
    };

    public static Scenario UplinkLost { get; } = new()
    {
        Name = "uplink-lost",
        Shows = "A node's uplink loses everything both ways while the node runs on: its addresses move.",
        RunAsync = (drill, cancel) => LoseUplinkAsync(drill, PacketDirection.Both, cancel),
    };

    public static Scenario TwoNodesDead { get; } = new()
    {
        Name = "two-nodes-dead",
        Shows = "Two of three nodes lose power at once: the last one takes all addresses.",
        RunAsync = async (drill, cancel) =>
        {
            var victims = (await drill.BusiestNodesAsync(cancel)).Take(2).ToList();
            drill.FaultStrikes();
            await Task.WhenAll(victims.Select(victim => victim.KillAsync()));
            await drill.ExpectMovedFromAsync(victims, cancel);
            await drill.FlowsGoOnAsync(Expectations.Soonest, cancel);
            victims.ForEach(victim => victim.Revive());
        },
    };

    public static Scenario NodeReturns { get; } = new()
    {
        Name = "node-returns",
        Shows = "A node frozen for 30 s goes on: it delivers nothing from an address that it lost, and joins again clean.",
        RunAsync = (drill, cancel) => FreezeAndThawAsync(drill, TimeSpan.FromSeconds(30), cancel),
    };

    /// <summary>Freezes the busiest node for so long, thaws it, and sees that it has let go of all it lost.</summary>
    internal static async Task FreezeAndThawAsync(Drill drill, TimeSpan frozen, CancellationToken cancel)
    {
        var victim = (await drill.BusiestNodesAsync(cancel))[0];
        var lost = (await drill.Lab.Cloud.EffectiveElasticIpsAsync(cancel)).Where(ip => ip.InstanceId == victim.InstanceId).Select(ip => ip.PrivateAddress).ToList();
        drill.FaultStrikes();
        victim.Freeze();
        await drill.ExpectMovedFromAsync(victim, cancel);
        await drill.FlowsGoOnAsync(frozen, cancel);
        victim.Thaw();
        await drill.ExpectWithinAsync($"{victim.Name} lets go of the addresses it lost", TimeSpan.FromSeconds(15),
            () => Task.FromResult(!victim.Route.Addresses().Any(each => lost.Contains(each.Address.ToString()))), cancel);
        await drill.ExpectMessageAsync("vprox.node-recovered", $"{victim.Name} is declared well again",
            message => message.Text("nodeId") == victim.InstanceId, TimeSpan.FromSeconds(60), cancel);
        drill.Expect($"no address is back on {victim.Name}", !(await drill.NodesByAddressAsync(cancel)).Values.Contains(victim));
        await drill.FlowsGoOnAsync(TimeSpan.Zero, cancel);
    }

    private static Task LoseUplinkAsync(Drill drill, PacketDirection direction, CancellationToken cancel) =>
        LoseBusiestAsync(drill, Now(node => node.LoseUplink(direction)), node => node.RestoreUplink(), cancel);

    private static async Task LoseBusiestAsync(Drill drill, Func<LabNode, Task> lose, Action<LabNode> restore, CancellationToken cancel)
    {
        var victim = (await drill.BusiestNodesAsync(cancel))[0];
        drill.FaultStrikes();
        await lose(victim);
        await drill.ExpectMovedFromAsync(victim, cancel);
        await drill.FlowsGoOnAsync(Expectations.Soonest, cancel);
        restore(victim);
    }

    private static Func<LabNode, Task> Now(Action<LabNode> fault) => node =>
    {
        fault(node);
        return Task.CompletedTask;
    };
}
