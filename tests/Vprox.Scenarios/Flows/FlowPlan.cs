using System.Text.Json;

namespace Vprox.Scenarios.Flows;

/// <summary>What the flow client opens. It is handed to its process as JSON.</summary>
public sealed record FlowPlan
{
    /// <summary>The server's address.</summary>
    public required string Server { get; init; }

    /// <summary>The unix socket on which the client answers what it saw.</summary>
    public required string ReportSocket { get; init; }

    public required IReadOnlyList<FlowSpec> Flows { get; init; }

    public static async Task<FlowPlan> ReadAsync(string file, CancellationToken cancel) =>
        JsonSerializer.Deserialize<FlowPlan>(await File.ReadAllTextAsync(file, cancel)) ?? throw new InvalidDataException($"{file} holds no plan");

    public Task WriteAsync(string file, CancellationToken cancel) => File.WriteAllTextAsync(file, JsonSerializer.Serialize(this), cancel);
}

/// <summary>One flow.</summary>
/// <param name="Id">Unique in its plan; also spreads the flows' writes over the 250 ms.</param>
/// <param name="Kind">Who writes.</param>
/// <param name="Namespace">The container's network namespace, in which the client's end is opened.</param>
/// <param name="Address">The static address that the server must see.</param>
/// <param name="Port">The server's port, which stands for that address: see <see cref="FlowPorts"/>.</param>
public sealed record FlowSpec(int Id, FlowKind Kind, string Namespace, string Address, int Port);
