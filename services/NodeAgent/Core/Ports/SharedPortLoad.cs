using System.Net;
using Vprox.NodeAgent.Core.Placements;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core.Ports;

/// <summary>
/// How the ports that tunnels of an address share are used. A port is free or not for each destination: what counts is the destination with the most
/// connections, those that closed within the last seconds included.
/// </summary>
public sealed record SharedPortLoad
{
    /// <summary>The address.</summary>
    public required Placement Placement { get; init; }

    /// <summary>The busiest destination, "203.0.113.7:443/tcp".</summary>
    public required string Destination { get; init; }

    /// <summary>Ports that connections to it hold, of all tunnels together.</summary>
    public required int Used { get; init; }

    /// <summary>The inner address that holds most of them.</summary>
    public required IPAddress InnerAddress { get; init; }

    /// <summary>Its tunnel's key; null when the tunnel has left and its connections have not ended yet.</summary>
    public required WireGuardKey? PublicKey { get; init; }

    /// <summary>Ports that this inner address holds.</summary>
    public required int UsedByOne { get; init; }
}
