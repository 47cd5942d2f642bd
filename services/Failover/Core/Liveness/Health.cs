namespace Vprox.Failover.Core.Liveness;

/// <summary>What Failover thinks of a node.</summary>
public enum Health
{
    /// <summary>Nothing speaks against it.</summary>
    Alive,

    /// <summary>Something speaks against it, not enough to act on.</summary>
    Suspect,

    /// <summary>Declared dead; its addresses are placed elsewhere.</summary>
    Unhealthy,
}
