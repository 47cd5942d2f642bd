namespace Vprox.Failover;

/// <summary>Everything Failover logs.</summary>
internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Warning, "Node {NodeId} was suspected: {Evidence}")]
    public static partial void NodeSuspected(this ILogger logger, string nodeId, string evidence);

    [LoggerMessage(5002, LogLevel.Error, "Node {NodeId} was declared unhealthy: {Evidence}")]
    public static partial void NodeUnhealthy(this ILogger logger, string nodeId, string evidence);

    [LoggerMessage(5003, LogLevel.Information, "Node {NodeId} was declared well: {Evidence}")]
    public static partial void NodeRecovered(this ILogger logger, string nodeId, string evidence);

    [LoggerMessage(5004, LogLevel.Error, "Verdicts were held, the fault is likelier ours: {Evidence}")]
    public static partial void VerdictsHeld(this ILogger logger, string evidence);

    [LoggerMessage(5005, LogLevel.Warning, "{Verdict} could not be published and will be said again: {Cause}")]
    public static partial void VerdictNotPublished(this ILogger logger, string verdict, string cause);

    [LoggerMessage(5006, LogLevel.Information, "Replica {ReplicaId} became the active one, for the {Turns}. time")]
    public static partial void TurnTaken(this ILogger logger, string replicaId, int turns);

    [LoggerMessage(5007, LogLevel.Warning, "Replica {ReplicaId} was no longer the active one and kept silent from then on")]
    public static partial void TurnLost(this ILogger logger, string replicaId);

    [LoggerMessage(5010, LogLevel.Information, "Fetched {Count} placements from the Allocator")]
    public static partial void SnapshotFetched(this ILogger logger, int count);

    [LoggerMessage(5011, LogLevel.Warning, "Had no snapshot from the Allocator and went on with {Count} placements known: {Cause}")]
    public static partial void SnapshotMissing(this ILogger logger, int count, string cause);

    [LoggerMessage(5012, LogLevel.Information, "EC2 took {Step} after {Milliseconds:0} ms")]
    public static partial void StepDone(this ILogger logger, string step, double milliseconds);

    [LoggerMessage(5013, LogLevel.Warning, "EC2 refused {Step}: {Cause}")]
    public static partial void StepRefused(this ILogger logger, string step, string cause);

    [LoggerMessage(5014, LogLevel.Information, "{Address} was moved from {FromNodeId} to {ToNodeId}, generation {Generation}, confirmed after {Milliseconds:0} ms")]
    public static partial void AddressMoved(this ILogger logger, string address, string? fromNodeId, string toNodeId, long generation, double milliseconds);

    [LoggerMessage(5015, LogLevel.Warning, "{Count} addresses were not yet where they shall be and will be planned again, {Address} first")]
    public static partial void MovesUnconfirmed(this ILogger logger, int count, string address);

    [LoggerMessage(5016, LogLevel.Error, "A pass over EC2 failed and will be repeated: {Cause}")]
    public static partial void PassFailed(this ILogger logger, string cause);

    [LoggerMessage(5017, LogLevel.Information, "{Address} was given back, generation {Generation}")]
    public static partial void AddressReleased(this ILogger logger, string address, long generation);
}
