namespace Vprox.NodeAgent.Workers;

/// <summary>Who this process is.</summary>
/// <param name="NodeId">The node.</param>
/// <param name="StartedAt">When the process started.</param>
public sealed record NodeIdentity(string NodeId, DateTimeOffset StartedAt)
{
    /// <summary>Version of the agent.</summary>
    public static string Version { get; } = typeof(NodeIdentity).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
