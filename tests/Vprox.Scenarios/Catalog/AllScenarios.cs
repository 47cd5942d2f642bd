namespace Vprox.Scenarios.Catalog;

/// <summary>Every scenario, in the order in which the suite runs them: those with the same lab in a row.</summary>
public static class AllScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        NodeLoss.HostDead,
    ];

    /// <summary>Those whose names match: comma-separated names, in which * stands for anything.</summary>
    public static IReadOnlyList<Scenario> Matching(string filter)
    {
        var patterns = filter.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. All.Where(scenario => patterns.Any(pattern => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, scenario.Name)))];
    }
}
