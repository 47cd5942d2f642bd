namespace Vprox.Failover.Core.Liveness;

/// <summary>What follows from an observation, with what it rests on.</summary>
public abstract record Verdict(string Evidence)
{
    /// <summary>A node misses heartbeats.</summary>
    public sealed record Suspected(string NodeId, string Evidence) : Verdict(Evidence);

    /// <summary>A node is to lose its addresses.</summary>
    public sealed record Unhealthy(string NodeId, string Evidence) : Verdict(Evidence);

    /// <summary>A node may have addresses again.</summary>
    public sealed record Recovered(string NodeId, string Evidence) : Verdict(Evidence);

    /// <summary>Too many nodes are silent at once: nothing is done about any of them.</summary>
    public sealed record Held(string Evidence) : Verdict(Evidence);
}
