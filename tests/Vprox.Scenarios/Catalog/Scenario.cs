using Vprox.Lab.Topology;
using Vprox.Scenarios.Drills;

namespace Vprox.Scenarios.Catalog;

/// <summary>A fault and what must come of it.</summary>
public sealed record Scenario
{
    /// <summary>E.g. host-dead; stands in the report.</summary>
    public required string Name { get; init; }

    /// <summary>What happens and what must hold, in one sentence.</summary>
    public required string Shows { get; init; }

    /// <summary>The lab it needs. Runs in a row with the same one share it while nothing is left of the run before.</summary>
    public LabOptions Lab { get; init; } = Labs.ThreeNodes;

    /// <summary>Proxies of one static address each.</summary>
    public int Addresses { get; init; } = 4;

    /// <summary>Proxies that come and go before: what was said about them is old, and their private addresses are given out again.</summary>
    public int Bygone { get; init; }

    public FlowCounts Flows { get; init; } = FlowCounts.Full;

    /// <summary>Injects the fault, waits for what follows, checks it, and puts right what it broke.</summary>
    public required Func<Drill, CancellationToken, Task> RunAsync { get; init; }

    /// <summary>The longest time a client may hear nothing, where the fault must not be felt; null where it is only measured.</summary>
    public TimeSpan? MostGap { get; init; }

    /// <summary>False where one run is long enough, however many are asked for.</summary>
    public bool Repeats { get; init; } = true;

    /// <summary>False for one that runs only when it is named: it takes long.</summary>
    public bool RunsUnasked { get; init; } = true;

    /// <summary>False when the lab cannot be as before after it.</summary>
    public bool LeavesLabAsItWas { get; init; } = true;
}
