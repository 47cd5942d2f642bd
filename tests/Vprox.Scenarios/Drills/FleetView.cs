using System.Text.Json;
using Vprox.Lab.Topology;

namespace Vprox.Scenarios.Drills;

/// <summary>What the Allocator shows an operator of the lab's one region at GET /fleet.</summary>
internal sealed record FleetView
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The invariant: the loss of any one node fits the others and EC2's burst.</summary>
    public required bool AnyNodeMayDie { get; init; }

    public required IReadOnlyList<FleetViewNode> Nodes { get; init; }

    public static async Task<FleetView> ReadAsync(VproxLab lab, CancellationToken cancel)
    {
        var text = await lab.Control.Http.GetStringAsync($"http://127.0.0.1:{LabPlan.HealthPort}/fleet", cancel);
        return JsonSerializer.Deserialize<FleetPage>(text, Json)?.Regions.SingleOrDefault() ?? throw new LabException($"GET /fleet answered {text}");
    }

    private sealed record FleetPage(IReadOnlyList<FleetView> Regions);
}

/// <summary>A node on that page.</summary>
internal sealed record FleetViewNode(string NodeId, bool Unhealthy, bool Draining, bool Cordoned, int Addresses);
