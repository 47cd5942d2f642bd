using Vprox.Scenarios.Running;

[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Vprox.Scenarios.Tests;

/// <summary>One runner, and so one lab for as long as it is well, for all scenarios of the short form.</summary>
public sealed class ShortSuite : IAsyncLifetime
{
    private readonly StringWriter _said = new();

    public ShortSuite() => Runner = new ScenarioRunner(_said);

    public ScenarioRunner Runner { get; }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Runner.DisposeAsync();
        await _said.DisposeAsync();
    }
}
