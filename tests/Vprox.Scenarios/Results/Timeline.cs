namespace Vprox.Scenarios.Results;

/// <summary>When the steps of a failure's way were done, in milliseconds from the fault; null for one that did not happen.</summary>
public sealed record Timeline
{
    /// <summary>NodeSuspected, as Failover dates it.</summary>
    public double? Suspected { get; init; }

    /// <summary>The verdict, as Failover dates it: NodeUnhealthy, or NodeDraining in a drain.</summary>
    public double? Confirmed { get; init; }

    /// <summary>The last StaticIpPlaced of an address that moved, as it was heard on the bus.</summary>
    public double? Placed { get; init; }

    /// <summary>EC2's last move took effect, from the cloud's own record.</summary>
    public double? Moved { get; init; }

    /// <summary>The last of the moved addresses had its first handshake on its new node.</summary>
    public double? Handshake { get; init; }

    /// <summary>The last of the moved addresses had its first byte at a client after its move took effect.</summary>
    public double? FirstByte { get; init; }

    /// <summary>The steps with their names in the report, in their order.</summary>
    public IEnumerable<(string Name, double? Ms)> Steps =>
    [
        ("suspected", Suspected), ("confirmed", Confirmed), ("placed", Placed), ("moved", Moved), ("handshake", Handshake), ("first_byte", FirstByte),
    ];
}
