namespace Vprox.Lab.Topology.Faults;

/// <summary>Which packets of a host are meant, as the host sees them.</summary>
[Flags]
public enum PacketDirection
{
    None = 0,

    /// <summary>What it sends.</summary>
    Outbound = 1,

    /// <summary>What is sent to it.</summary>
    Inbound = 2,

    Both = Outbound | Inbound,
}
