namespace Vprox.Scenarios.Flows;

/// <summary>Who writes on a flow, every 250 ms.</summary>
public enum FlowKind
{
    /// <summary>TCP: the client writes and expects the same back.</summary>
    Echo,

    /// <summary>TCP: after one request only the server writes.</summary>
    Push,

    /// <summary>UDP: both write, neither waits for the other.</summary>
    Udp,
}
