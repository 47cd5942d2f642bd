namespace Vprox.Failover.Core.Liveness;

/// <summary>What a direct probe of a node came to.</summary>
public enum ProbeOutcome
{
    /// <summary>HTTPS answered 200: host and agent are alive.</summary>
    Answered,

    /// <summary>The connection was refused, or ended without a proper answer: the host is alive, its agent is not well.</summary>
    Refused,

    /// <summary>The kernel took the connection and nothing answered on it in time.</summary>
    Hung,

    /// <summary>No answer to the SYN, or no route, in time.</summary>
    Unreachable,
}
