namespace Vprox.Failover.Core.Liveness;

/// <summary>What Failover thinks of a node.</summary>
public enum Health
{
    /// <summary>Heard in time.</summary>
    Alive,

    /// <summary>Missed some heartbeats; nothing follows from it yet.</summary>
    Suspect,

    /// <summary>Declared dead; its addresses are placed elsewhere.</summary>
    Unhealthy,
}
