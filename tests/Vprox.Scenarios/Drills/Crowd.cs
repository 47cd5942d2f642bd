using Vprox.Lab.Topology;

namespace Vprox.Scenarios.Drills;

/// <summary>Fills one node with static addresses, the traffic's among them, while all other nodes have room.</summary>
internal static class Crowd
{
    private const string Workspace = "ws-crowd";
    private const int MostPerProxy = 5;

    // In userspace each address is a process that has to start; all at once, they starve the lab.
    private const int AtOnce = 4;

    // A new address costs an AssociateAddress, of which EC2 takes 5 a second beyond a burst.
    private static readonly TimeSpan FillDeadline = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan DrainDeadline = TimeSpan.FromSeconds(60);

    // AssociateAddress: 50 at once, 5 a second (docs/adr/0008).
    private static readonly TimeSpan BudgetRefill = TimeSpan.FromSeconds(12);

    /// <summary>Drains all nodes but the first, asks for proxies until that one holds so many addresses, and lets the others take some again.</summary>
    /// <returns>The node that holds them all.</returns>
    public static async Task<LabNode> GatherAsync(Drill drill, int addresses, CancellationToken cancel)
    {
        var lab = drill.Lab;
        var (full, others) = (lab.Nodes[0], lab.Nodes.Skip(1).ToList());
        drill.Say($"{addresses} addresses gather on {full.Name}");
        foreach (var node in others)
            await drill.SayAsync("DrainNode", "vprox.drain-node", new { nodeId = node.InstanceId, reason = "the others gather elsewhere" }, cancel);
        foreach (var node in others)
            await drill.ExpectMessageAsync("vprox.node-drained", $"{node.Name} is empty", drained => drained.Text("nodeId") == node.InstanceId, DrainDeadline, cancel);

        var missing = addresses - drill.Traffic.Addresses.Count;
        var counts = Enumerable.Range(0, (missing + MostPerProxy - 1) / MostPerProxy).Select(index => Math.Min(MostPerProxy, missing - (index * MostPerProxy)));
        foreach (var some in counts.Index().Chunk(AtOnce))
        {
            var answers = await Task.WhenAll(some.Select(each =>
                lab.Scheduler.RequestProxyAsync($"crowd{each.Index}-{lab.Name}", Workspace, each.Item, FillDeadline, cancel)));
            if (answers.FirstOrDefault(answer => answer.Exchange != "vprox.proxy-ready") is { } rejected)
                throw new LabException($"A proxy was rejected: {rejected.Text("reason")}");
        }
        if (await CountOnAsync(drill, full, cancel) is var held && held != addresses)
            throw new LabException($"{full.Name} holds {held} addresses and not {addresses}");

        foreach (var node in others)
            await drill.SayAsync("UncordonNode", "vprox.uncordon-node", new { nodeId = node.InstanceId }, cancel);
        await VproxLab.WaitForAsync("the others take placements", async () =>
            (await FleetView.ReadAsync(lab, cancel)).Nodes.All(node => node is { Cordoned: false, Draining: false }) ? lab : null, DrainDeadline, cancel);
        // What is measured begins with the whole of EC2's budget, as it would in a fleet that nobody has just filled.
        await Task.Delay(BudgetRefill, cancel);
        return full;
    }

    /// <summary>How many static addresses EC2 routes to a node.</summary>
    public static async Task<int> CountOnAsync(Drill drill, LabNode node, CancellationToken cancel) =>
        (await drill.Lab.Cloud.EffectiveElasticIpsAsync(cancel)).Count(ip => ip.InstanceId == node.InstanceId);
}
