using Vprox.Scenarios.Catalog;

namespace Vprox.Scenarios.Tests;

public sealed class CatalogTests
{
    [Fact]
    public void Names_are_unique_and_safe_in_file_names()
    {
        Assert.Equal(AllScenarios.All.Count, AllScenarios.All.Select(scenario => scenario.Name).Distinct().Count());
        Assert.All(AllScenarios.All, scenario => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", scenario.Name));
    }

    [Fact]
    public void The_document_lists_every_scenario_as_list_does()
    {
        var listed = File.ReadLines(Path.Combine(Repository(), "docs", "scenarios.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal));
        Assert.Equal(AllScenarios.All.Select(scenario => $"| `{scenario.Name}` | {scenario.Shows} |"), listed);
    }

    [Theory]
    [InlineData("host-dead", "host-dead")]
    [InlineData("host-*, soak", "host-dead host-frozen soak")]
    [InlineData("nothing-like-it", "")]
    public void A_filter_names_scenarios_and_stars_stand_for_anything(string filter, string names) =>
        Assert.Equal(names, string.Join(' ', AllScenarios.Matching(filter).Select(scenario => scenario.Name)));

    [Fact]
    public void The_soak_runs_only_when_it_is_named() => Assert.DoesNotContain(AllScenarios.Unasked, scenario => scenario.Name == "soak");

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Vprox.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} holds Vprox.sln");
        return folder.FullName;
    }
}
