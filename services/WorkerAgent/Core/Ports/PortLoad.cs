using System.Net;

namespace Vprox.WorkerAgent.Core;

/// <summary>
/// How a tunnel's ports are used, read from the connection tracking table. A port is free or not for each destination: what counts is the
/// destination with the most connections, those that closed within the last seconds included.
/// </summary>
public sealed record PortLoad
{
    /// <summary>No connection.</summary>
    public static PortLoad None { get; } = new();

    /// <summary>The busiest destination, "203.0.113.7:443/tcp"; empty when there is no connection.</summary>
    public string Destination { get; init; } = "";

    /// <summary>Ports that connections to it hold.</summary>
    public int Used { get; init; }

    /// <summary>Connections to all destinations.</summary>
    public int Total { get; init; }

    /// <summary>Per block, the connections to whatever destination has most there.</summary>
    public IReadOnlyDictionary<IPAddress, int> Fullest { get; init; } = new Dictionary<IPAddress, int>();

    /// <summary>Per block, all connections.</summary>
    public IReadOnlyDictionary<IPAddress, int> Flows { get; init; } = new Dictionary<IPAddress, int>();
}
