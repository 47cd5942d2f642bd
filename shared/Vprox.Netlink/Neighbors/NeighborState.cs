namespace Vprox.Netlink;

/// <summary>What the kernel knows of a neighbour (NUD_*, neighbour.h).</summary>
[Flags]
public enum NeighborState
{
    /// <summary>Nothing: proxy entries have none.</summary>
    None = 0,
    /// <summary>Asked for, no answer yet.</summary>
    Incomplete = 0x01,
    /// <summary>Answered lately.</summary>
    Reachable = 0x02,
    /// <summary>Answered once; will be asked again when used.</summary>
    Stale = 0x04,
    /// <summary>Used while stale; waits before it is asked.</summary>
    Delay = 0x08,
    /// <summary>Is asked again.</summary>
    Probe = 0x10,
    /// <summary>Did not answer.</summary>
    Failed = 0x20,
    /// <summary>Link without ARP.</summary>
    NoArp = 0x40,
    /// <summary>Set by hand; is never asked.</summary>
    Permanent = 0x80,
}
