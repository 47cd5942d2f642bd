namespace Vprox.Bus.Messaging;

/// <summary>How a queue is kept.</summary>
public enum QueueKind
{
    /// <summary>Replicated and durable: for the services, which are few.</summary>
    Quorum,

    /// <summary>As <see cref="Quorum"/>, but only one of its consumers is given messages until it goes: for the Failover's replicas.</summary>
    QuorumSingleActive,

    /// <summary>Classic, durable, deleted after an hour without a consumer: for the agents, which are many and fetch a snapshot when they start.</summary>
    Expiring,

    /// <summary>Not durable, gone with its consumer, keeps a message for a second: for heartbeats. Failed messages are dropped.</summary>
    Transient,
}
