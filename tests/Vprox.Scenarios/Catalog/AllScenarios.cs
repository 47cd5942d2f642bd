namespace Vprox.Scenarios.Catalog;

/// <summary>Every scenario, in the order in which the suite runs them: those with the same lab in a row.</summary>
public static class AllScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        NodeLoss.HostDead,
        Partitions.AgentKilled,
        Partitions.BusCut,
        Drains.ByOperator,
        Drains.BySpotInterruption,
        Drains.ByRebalanceRecommendation,
        Drains.ByMaintenance,
        NodeLoss.HostFrozen,
        NodeLoss.NodeReturns,
        NodeLoss.UplinkOutLost,
        NodeLoss.UplinkInLost,
        NodeLoss.UplinkLost,
        NodeLoss.TwoNodesDead,
        Partitions.WorkerUplinkLost,
        GreyFailures.NftFlushed,
        GreyFailures.InterfaceGone,
        GreyFailures.InternetLost,
        Outages.StaticStability,
        CloudTrouble.Ec2Unavailable,
        CloudTrouble.Ec2Throttled,
        CloudTrouble.Ec2Slow,
        CloudTrouble.Ec2Stale,
        CloudTrouble.SqsDown,
        BusTrouble.MessagesDoubledAndReordered,
        .. ServiceDeaths.All,
        Partitions.BrokerKilled,
        Endurance.Soak,
        MassLoss.FourOfSixDead,
        FleetSize.NodeReplaced,
        OtherSubnets.CrossSubnet,
        FullNodes.Dead,
        FullNodes.Drained,
    ];

    /// <summary>Those that run when nothing is asked for.</summary>
    public static IReadOnlyList<Scenario> Unasked { get; } = [.. All.Where(scenario => scenario.RunsUnasked)];

    /// <summary>Those whose names match: comma-separated names, in which * stands for anything.</summary>
    public static IReadOnlyList<Scenario> Matching(string filter)
    {
        var patterns = filter.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. All.Where(scenario => patterns.Any(pattern => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, scenario.Name)))];
    }
}
