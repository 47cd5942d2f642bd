using Vprox.Lab.Topology;
using Vprox.Scenarios.Drills;

namespace Vprox.Scenarios.Catalog;

/// <summary>What several scenarios expect.</summary>
internal static class Expectations
{
    /// <summary>No address can have moved before this, so flows that go on say nothing yet.</summary>
    public static readonly TimeSpan Soonest = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan MoveDeadline = TimeSpan.FromSeconds(30);

    /// <summary>Failover declares the nodes dead and EC2 routes all of the traffic's addresses to others.</summary>
    public static async Task ExpectMovedFromAsync(this Drill drill, IReadOnlyList<LabNode> victims, CancellationToken cancel)
    {
        foreach (var victim in victims)
            await drill.ExpectMessageAsync(
                "vprox.node-unhealthy", $"{victim.Name} is declared unhealthy", message => message.Text("nodeId") == victim.InstanceId, MoveDeadline, cancel);
        await drill.ExpectWithinAsync($"all addresses leave {string.Join(" and ", victims.Select(victim => victim.Name))}", MoveDeadline, async () =>
            await drill.NodesByAddressAsync(cancel) is var nodes && nodes.Count == drill.Traffic.Addresses.Count && !nodes.Values.Any(victims.Contains), cancel);
    }

    /// <inheritdoc cref="ExpectMovedFromAsync(Drill, IReadOnlyList{LabNode}, CancellationToken)"/>
    public static Task ExpectMovedFromAsync(this Drill drill, LabNode victim, CancellationToken cancel) => drill.ExpectMovedFromAsync([victim], cancel);

    /// <summary>Nobody was declared dead and nothing was placed anew since the fault.</summary>
    public static void ExpectNoFailover(this Drill drill)
    {
        drill.ExpectNone("vprox.node-unhealthy", "no node is declared unhealthy");
        drill.ExpectNone("vprox.static-ip-placed", "no address is placed anew");
    }

    /// <summary>Every address is where it was.</summary>
    public static async Task ExpectUnmovedAsync(this Drill drill, IReadOnlyDictionary<string, LabNode> before, CancellationToken cancel)
    {
        var now = await drill.NodesByAddressAsync(cancel);
        drill.Expect("every address is where it was", before.All(each => now.GetValueOrDefault(each.Key) == each.Value));
    }
}
