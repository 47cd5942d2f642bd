namespace Vprox.Contracts;

/// <summary>
/// A tunnel's ports are used up for one destination: new connections to it fail or are about to, and no further block came in time. Said when it
/// begins, and again every 30 s while it lasts. WorkerAgent → operators, exchange <c>vprox.ports-exhausted</c>. NodeAgent says it of the ports that
/// tunnels without blocks share: then <see cref="NodeId"/> is set, and the tunnel is the one that holds most of them.
/// </summary>
public sealed record PortsExhausted
{
    /// <summary>The worker; empty when a node says it, which knows tunnels by their keys.</summary>
    public required string WorkerId { get; init; }

    /// <summary>The node that says it; null when a worker does.</summary>
    public string? NodeId { get; init; }

    /// <summary>The proxy whose containers are meant.</summary>
    public required string ProxyId { get; init; }

    /// <summary>The static address.</summary>
    public required string Address { get; init; }

    /// <summary>The tunnel's WireGuard public key (base64); empty when a node says it of a tunnel that has left.</summary>
    public required string PublicKey { get; init; }

    /// <summary>The inner address that holds the ports; null when a worker says it, whose tunnel may have many.</summary>
    public string? InnerAddress { get; init; }

    /// <summary>The busiest destination, "203.0.113.7:443/tcp".</summary>
    public required string Destination { get; init; }

    /// <summary>Ports that connections to it hold, those that closed within the last seconds included; of shared ports, those of all tunnels.</summary>
    public required int UsedPorts { get; init; }

    /// <summary>Ports that the tunnel has, or shares, for every destination.</summary>
    public required int Ports { get; init; }

    /// <summary>First packets on this worker or node that found no free port and were dropped since this tunnel was last well, at least; their senders repeat
    /// them after a second (RFC 6298).</summary>
    public required long DroppedPackets { get; init; }

    /// <summary>One sentence for people: why it got no further block.</summary>
    public required string Reason { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}
