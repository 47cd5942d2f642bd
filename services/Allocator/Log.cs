using Vprox.Allocator.Transactions;

namespace Vprox.Allocator;

/// <summary>All that the Allocator says.</summary>
internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Information, "The database was brought up to date; {Entered} addresses entered the pool and {Left} left it")]
    public static partial void DatabaseReady(this ILogger logger, int entered, int left);

    [LoggerMessage(3002, LogLevel.Warning, "The database was not reachable and is waited for: {Reason}")]
    public static partial void DatabaseAway(this ILogger logger, string reason);

    [LoggerMessage(3003, LogLevel.Warning, "Messages wait in the outbox: {Reason}")]
    public static partial void OutboxWaits(this ILogger logger, string reason);

    [LoggerMessage(3004, LogLevel.Information, "The outbox was published again")]
    public static partial void OutboxResumed(this ILogger logger);

    [LoggerMessage(3005, LogLevel.Error, "A round of reconciliation failed; the next one tries again")]
    public static partial void ReconcileFailed(this ILogger logger, Exception exception);

    [LoggerMessage(3010, LogLevel.Information, "Address {Address} of proxy {ProxyId} was placed on node {NodeId}, {NetworkInterfaceId}, {PrivateAddress}")]
    public static partial void AddressPlaced(this ILogger logger, string address, string proxyId, string nodeId, string networkInterfaceId, string privateAddress);

    [LoggerMessage(3011, LogLevel.Warning, "Proxy {ProxyId} of workspace {WorkspaceId} was rejected ({Code}): {Reason}")]
    public static partial void ProxyRejected(this ILogger logger, string proxyId, string workspaceId, string code, string reason);

    [LoggerMessage(3012, LogLevel.Information, "Proxy {ProxyId} became ready")]
    public static partial void ProxyBecameReady(this ILogger logger, string proxyId);

    [LoggerMessage(3013, LogLevel.Information, "Proxy {ProxyId} of workspace {WorkspaceId} was released")]
    public static partial void ProxyReleased(this ILogger logger, string proxyId, string workspaceId);

    [LoggerMessage(3014, LogLevel.Warning, "Workspace {WorkspaceId} tried to release proxy {ProxyId}, which belongs to another; nothing was released")]
    public static partial void ForeignReleaseRefused(this ILogger logger, string proxyId, string workspaceId);

    [LoggerMessage(3015, LogLevel.Information, "Proxy {ProxyId} was given {GuaranteedMbps} Mbit/s guaranteed and a ceiling of {CeilingMbps}, revision {Revision}")]
    public static partial void BandwidthChanged(this ILogger logger, string proxyId, int? guaranteedMbps, int? ceilingMbps, long revision);

    [LoggerMessage(3020, LogLevel.Information, "Address {Address} was served by node {NodeId}, generation {Generation}")]
    public static partial void AddressServed(this ILogger logger, string address, string nodeId, long generation);

    [LoggerMessage(3021, LogLevel.Debug, "Node {NodeId} said that it served {Address}, generation {Generation}, which is not placed there; ignored")]
    public static partial void LateServingIgnored(this ILogger logger, string address, string nodeId, long generation);

    [LoggerMessage(3022, LogLevel.Information, "{Count} placements that nobody served yet were published again")]
    public static partial void PlacementsRepublished(this ILogger logger, int count);

    [LoggerMessage(3030, LogLevel.Information, "Node {NodeId} of {Region} joined with {InterfaceCount} network interfaces, agent {AgentVersion}")]
    public static partial void NodeJoined(this ILogger logger, string nodeId, string region, int interfaceCount, string agentVersion);

    [LoggerMessage(3031, LogLevel.Warning, "Node {NodeId} came with another sealing key; {Count} placements were sealed to it again")]
    public static partial void NodeKeyChanged(this ILogger logger, string nodeId, int count);

    [LoggerMessage(3032, LogLevel.Information, "Node {NodeId} was marked {Verdict}")]
    public static partial void NodeJudged(this ILogger logger, string nodeId, string verdict);

    [LoggerMessage(3033, LogLevel.Information, "A late or unknown verdict on node {NodeId} ({Verdict}) was ignored")]
    public static partial void VerdictIgnored(this ILogger logger, string nodeId, string verdict);

    [LoggerMessage(3034, LogLevel.Information, "Address {Address} was moved from node {FromNodeId} to node {ToNodeId}, generation {Generation}")]
    public static partial void AddressMoved(this ILogger logger, string address, string fromNodeId, string toNodeId, long generation);

    [LoggerMessage(3035, LogLevel.Error, "No node had room for {Count} addresses of {Nodes} ({Addresses}); they were left and are tried again when a node joins, recovers or is uncordoned")]
    public static partial void AddressesStranded(this ILogger logger, int count, string nodes, string addresses);

    [LoggerMessage(3036, LogLevel.Information, "Every address of {Region} had a place again")]
    public static partial void NoAddressStranded(this ILogger logger, string region);

    [LoggerMessage(3037, LogLevel.Information, "{Count} addresses were placed anew after node {NodeId} was marked {Verdict}, in {TotalMs:F1} ms ({Stages})")]
    public static partial void AddressesPlacedAnew(this ILogger logger, int count, string nodeId, string verdict, double totalMs, string stages);

    [LoggerMessage(3038, LogLevel.Information, "{Count} placements of the outbox were published in {TotalMs:F1} ms ({Stages})")]
    public static partial void PlacementsPublished(this ILogger logger, int count, double totalMs, string stages);

    [LoggerMessage(3040, LogLevel.Information, "A grant for {Address} was issued to worker {WorkerId} with {BlockCount} port blocks until {ExpiresAt}")]
    public static partial void GrantIssued(this ILogger logger, string address, string workerId, int blockCount, DateTimeOffset expiresAt);

    [LoggerMessage(3041, LogLevel.Warning, "A grant was refused ({Code}): {Reason}")]
    public static partial void GrantRefused(this ILogger logger, string code, string reason);

    [LoggerMessage(3042, LogLevel.Debug, "A report of node {NodeId} about a peer of {Address} was late or unknown and was ignored")]
    public static partial void PeerReportIgnored(this ILogger logger, string address, string nodeId);

    [LoggerMessage(3043, LogLevel.Information, "{Count} leases ended and their port blocks became free")]
    public static partial void LeasesEnded(this ILogger logger, int count);

    [LoggerMessage(3044, LogLevel.Warning, "No port block of {Address} was free for proxy {ProxyId} on worker {WorkerId}; its tunnel shares ports, and its connections will not survive a move")]
    public static partial void TunnelSharesPorts(this ILogger logger, string address, string proxyId, string workerId);

    [LoggerMessage(3050, LogLevel.Warning, "Region {Region} could no longer lose any one node: {Reasons}")]
    public static partial void InvariantBroken(this ILogger logger, string region, string reasons);

    [LoggerMessage(3051, LogLevel.Information, "Region {Region} could lose any one node again")]
    public static partial void InvariantHolds(this ILogger logger, string region);

    [LoggerMessage(3052, LogLevel.Information, "Address {Address} was moved from node {FromNodeId}, which lives, to node {ToNodeId}, generation {Generation}, so that any one node may die")]
    public static partial void AddressRebalanced(this ILogger logger, string address, string fromNodeId, string toNodeId, long generation);

    [LoggerMessage(3053, LogLevel.Error, "A look at the fleet failed; the next one tries again")]
    public static partial void FleetWatchFailed(this ILogger logger, Exception exception);

    [LoggerMessage(3054, LogLevel.Debug, "The death of node {NodeId} was rehearsed and forgotten, in {TotalMs:F1} ms ({Stages})")]
    public static partial void DeathRehearsed(this ILogger logger, string nodeId, double totalMs, string stages);

    public static void Moved(this ILogger logger, MoveOutcome outcome)
    {
        foreach (var move in outcome.Moves)
            logger.AddressMoved(move.Address, move.FromNodeId, move.ToNodeId, move.Generation);
    }
}
