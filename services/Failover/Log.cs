namespace Vprox.Failover;

/// <summary>Everything Failover logs.</summary>
internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Warning, "Node {NodeId} was suspected: {Evidence}")]
    public static partial void NodeSuspected(this ILogger logger, string nodeId, string evidence);

    [LoggerMessage(5002, LogLevel.Error, "Node {NodeId} was declared unhealthy after {Milliseconds:0} ms: {Evidence}")]
    public static partial void NodeUnhealthy(this ILogger logger, string nodeId, double milliseconds, string evidence);

    [LoggerMessage(5003, LogLevel.Information, "Node {NodeId} was declared well: {Evidence}")]
    public static partial void NodeRecovered(this ILogger logger, string nodeId, string evidence);

    [LoggerMessage(5004, LogLevel.Critical, "Verdicts about {NodeIds} were held, the fault is likelier ours; FailNode decides about each: {Evidence}")]
    public static partial void VerdictsHeld(this ILogger logger, string nodeIds, string evidence);

    [LoggerMessage(5005, LogLevel.Warning, "{Verdict} about {NodeId} could not be published and will be judged and said again: {Cause}")]
    public static partial void VerdictNotPublished(this ILogger logger, string verdict, string nodeId, string cause);

    [LoggerMessage(5006, LogLevel.Information, "Replica {ReplicaId} became the active one, for the {Turns}. time")]
    public static partial void TurnTaken(this ILogger logger, string replicaId, int turns);

    [LoggerMessage(5007, LogLevel.Warning, "Replica {ReplicaId} was no longer the active one and kept silent from then on")]
    public static partial void TurnLost(this ILogger logger, string replicaId);

    [LoggerMessage(5008, LogLevel.Information, "Node {NodeId} was no longer suspected: {Evidence}")]
    public static partial void NodeCleared(this ILogger logger, string nodeId, string evidence);

    [LoggerMessage(5009, LogLevel.Warning, "Verdicts were no longer held: {Evidence}")]
    public static partial void HoldEnded(this ILogger logger, string evidence);

    [LoggerMessage(5010, LogLevel.Information, "Fetched {Count} placements from the Allocator")]
    public static partial void SnapshotFetched(this ILogger logger, int count);

    [LoggerMessage(5011, LogLevel.Warning, "Had no snapshot from the Allocator and went on with {Count} placements known: {Cause}")]
    public static partial void SnapshotMissing(this ILogger logger, int count, string cause);

    [LoggerMessage(5301, LogLevel.Information, "EC2 took {Step} after {Milliseconds:0} ms")]
    public static partial void StepDone(this ILogger logger, string step, double milliseconds);

    [LoggerMessage(5302, LogLevel.Warning, "EC2 refused {Step} after {Milliseconds:0} ms: {Cause}")]
    public static partial void StepRefused(this ILogger logger, string step, double milliseconds, string cause);

    [LoggerMessage(5303, LogLevel.Information, "{Address} was moved from {FromNodeId} to {ToNodeId}, generation {Generation}, within {Milliseconds:0} ms, as {Witness} showed: {Steps}")]
    public static partial void AddressMoved(
        this ILogger logger, string address, string? fromNodeId, string toNodeId, long generation, double milliseconds, string witness, string steps);

    [LoggerMessage(5304, LogLevel.Warning, "{Action} had no answer within {Milliseconds:0} ms and was called a second time")]
    public static partial void CallHedged(this ILogger logger, string action, double milliseconds);

    [LoggerMessage(5305, LogLevel.Warning, "EC2 could not be read and will be asked again: {Cause}")]
    public static partial void DescribeFailed(this ILogger logger, string cause);

    [LoggerMessage(5306, LogLevel.Error, "A round of moves failed and everything will be looked at again: {Cause}")]
    public static partial void PassFailed(this ILogger logger, string cause);

    [LoggerMessage(5307, LogLevel.Information, "{Address} was given back, generation {Generation}")]
    public static partial void AddressReleased(this ILogger logger, string address, long generation);

    [LoggerMessage(5308, LogLevel.Warning, "{Found}: it was moved back")]
    public static partial void DriftRepaired(this ILogger logger, string found);

    [LoggerMessage(5309, LogLevel.Warning, "{Found}: it was left alone")]
    public static partial void DriftReported(this ILogger logger, string found);

    [LoggerMessage(5310, LogLevel.Warning, "Instance {InstanceId} was started in place of node {NodeId}: {Evidence}")]
    public static partial void NodeReplaced(this ILogger logger, string instanceId, string nodeId, string evidence);

    [LoggerMessage(5311, LogLevel.Error, "No instance could be started in place of node {NodeId}, it will be tried again: {Cause}")]
    public static partial void ReplacementFailed(this ILogger logger, string nodeId, string cause);

    [LoggerMessage(5312, LogLevel.Warning, "{Message} could not be published and will be said again: {Cause}")]
    public static partial void NotPublished(this ILogger logger, string message, string cause);

    [LoggerMessage(5313, LogLevel.Information, "{Count} addresses began to move by {Calls} calls to EC2, {Milliseconds:0} ms after the first of them was placed")]
    public static partial void MovesBegun(this ILogger logger, int count, int calls, double milliseconds);

    [LoggerMessage(5101, LogLevel.Warning, "Node {NodeId} began to drain: {Evidence}")]
    public static partial void NodeDraining(this ILogger logger, string nodeId, string evidence);

    [LoggerMessage(5102, LogLevel.Information, "Node {NodeId} was to be drained and was left as it is: it {Cause}")]
    public static partial void DrainNeedless(this ILogger logger, string nodeId, string cause);

    [LoggerMessage(5103, LogLevel.Warning, "{Command} named {NodeId}, of which nothing was known, and was ignored")]
    public static partial void NodeUnknown(this ILogger logger, string command, string nodeId);

    [LoggerMessage(5201, LogLevel.Warning, "The queue of EC2's events was not readable, going on without it: {Cause}")]
    public static partial void EventQueueAway(this ILogger logger, string cause);

    [LoggerMessage(5202, LogLevel.Information, "The queue of EC2's events was readable again")]
    public static partial void EventQueueBack(this ILogger logger);

    [LoggerMessage(5203, LogLevel.Warning, "A message in the queue of EC2's events was no event and was deleted: {Cause}; it began {Body}")]
    public static partial void EventMalformed(this ILogger logger, string body, string cause);

    [LoggerMessage(5204, LogLevel.Warning, "EC2 did not say what instances do, going on without it: {Cause}")]
    public static partial void SweepFailed(this ILogger logger, string cause);

    [LoggerMessage(5206, LogLevel.Warning, "Node {NodeId} was heard, but no probe found a way to {Target}: is it open from here?")]
    public static partial void NoWayToNode(this ILogger logger, string nodeId, System.Net.IPEndPoint target);

    [LoggerMessage(5205, LogLevel.Warning, "Node {NodeId} was not probed at {Target}: {Cause}")]
    public static partial void ProbeFailed(this ILogger logger, string nodeId, System.Net.IPEndPoint target, string cause);
}
