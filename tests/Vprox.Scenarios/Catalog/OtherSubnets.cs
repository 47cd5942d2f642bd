using Vprox.Scenarios.Drills;

namespace Vprox.Scenarios.Catalog;

/// <summary>No survivor is in the dead node's subnet: addresses get another private address, each by a call of its own.</summary>
internal static class OtherSubnets
{
    /// <summary>More than EC2's burst of 50 AssociateAddress, of which Failover takes nine tenths: the last of them wait for the budget.</summary>
    private const int Addresses = 60;

    private const int Burst = 45;
    private static readonly TimeSpan MoveDeadline = TimeSpan.FromSeconds(60);

    public static Scenario CrossSubnet { get; } = new()
    {
        Name = "cross-subnet",
        Shows = "A node with 60 addresses loses power and the only survivor is in another subnet: one call per address within EC2's budget, those in use first.",
        Lab = Labs.TwoSubnets,
        LeavesLabAsItWas = false,
        RunAsync = async (drill, cancel) =>
        {
            var victim = await Crowd.GatherAsync(drill, Addresses, cancel);
            var before = await drill.Lab.Cloud.EffectiveElasticIpsAsync(cancel);
            drill.FaultStrikes();
            await victim.KillAsync();
            await drill.ExpectMovedFromAsync(victim, cancel);
            await drill.ExpectWithinAsync($"no address is left on {victim.Name}", MoveDeadline, async () =>
                await Crowd.CountOnAsync(drill, victim, cancel) == 0, cancel);
            await drill.FlowsGoOnAsync(Expectations.Soonest, cancel);

            var ec2 = await Ec2Record.ReadAsync(drill, cancel);
            var inUse = ec2.Moves.Where(move => drill.Traffic.Addresses.Contains(move.PublicAddress!)).ToList();
            drill.Note("EC2 calls", ec2.Calls.Count);
            drill.Note("refused for the budget", ec2.Calls.Count(call => call.Outcome == "RequestLimitExceeded"));
            drill.Note("addresses moved", ec2.Addresses);
            drill.Note("fault → those in use moved (ms)", inUse.Select(move => drill.Fault.Ms(move.Effective!.Value)).DefaultIfEmpty().Max());
            drill.Note("first call → all moved (ms)", ec2.FirstCallToAllMovedMs);
            drill.Expect($"{Addresses} addresses move; {ec2.Addresses} did", ec2.Addresses == Addresses);
            drill.Expect("each has another private address", ec2.Moves.All(move => before.All(ip => ip.PrivateAddress != move.PrivateAddress)));
            drill.Expect("EC2 never refuses a call for its budget", ec2.Calls.All(call => call.Outcome != "RequestLimitExceeded"));
            drill.Expect("the addresses in use are in the first burst",
                ec2.Moves.Take(Burst).Count(inUse.Contains) == drill.Traffic.Addresses.Count);
        },
    };
}
