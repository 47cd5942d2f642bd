namespace Vprox.NodeAgent;

/// <summary>Everything the node agent says, one event id each.</summary>
internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Information, "Node {NodeId} started with {Backend} WireGuard, {Placements} placements in its journal and {Interfaces} interfaces in the kernel")]
    public static partial void Adopted(this ILogger logger, string nodeId, string backend, int placements, int interfaces);

    [LoggerMessage(2002, LogLevel.Warning, "The journal was not read, the Allocator's snapshot will replace it: {Reason}")]
    public static partial void JournalUnreadable(this ILogger logger, string reason);

    [LoggerMessage(2003, LogLevel.Error, "The journal was not written, a restart without the bus would miss the newest placements: {Reason}")]
    public static partial void JournalNotWritten(this ILogger logger, string reason);

    [LoggerMessage(2010, LogLevel.Information, "{Address} was placed here as {PrivateAddress} on {NetworkInterface}, generation {Generation}, with {Peers} known peers")]
    public static partial void Placed(this ILogger logger, string address, string privateAddress, string networkInterface, long generation, int peers);

    [LoggerMessage(2011, LogLevel.Information, "{Address} was placed on {NodeId}, generation {Generation}; it is served here until EC2 has moved it")]
    public static partial void Lost(this ILogger logger, string address, string nodeId, long generation);

    [LoggerMessage(2012, LogLevel.Information, "{Address} was released, generation {Generation}")]
    public static partial void Released(this ILogger logger, string address, long generation);

    [LoggerMessage(2013, LogLevel.Information, "{Address} was let go, generation {Generation}")]
    public static partial void LetGo(this ILogger logger, string address, long generation);

    [LoggerMessage(2014, LogLevel.Information, "{Address} is served from {NodeId}, generation {Generation}")]
    public static partial void Serving(this ILogger logger, string address, string nodeId, long generation);

    [LoggerMessage(2015, LogLevel.Warning, "The keys of {Address}, generation {Generation}, were sealed to another key than this node's; the Allocator was asked again")]
    public static partial void SealDidNotOpen(this ILogger logger, string address, long generation);

    [LoggerMessage(2016, LogLevel.Warning, "{Address} was not in the Allocator's snapshot, it is served here until EC2 has moved it")]
    public static partial void NotInSnapshot(this ILogger logger, string address);

    [LoggerMessage(2017, LogLevel.Warning, "A placement was refused: {Reason}")]
    public static partial void PlacementRefused(this ILogger logger, string reason);

    [LoggerMessage(2018, LogLevel.Information, "{Address} was prepared on {NodeId}, generation {Generation}; it waits for EC2 to bring it")]
    public static partial void Prepared(this ILogger logger, string address, string nodeId, long generation);

    [LoggerMessage(2020, LogLevel.Information, "{Source} showed {Interfaces} network interfaces with {Secondaries} secondary addresses")]
    public static partial void MetadataChanged(this ILogger logger, string source, int interfaces, int secondaries);

    [LoggerMessage(2021, LogLevel.Warning, "{Source} was not readable, what it showed last stays in force: {Reason}")]
    public static partial void MetadataUnavailable(this ILogger logger, string source, string reason);

    [LoggerMessage(2022, LogLevel.Information, "{Source} was readable again")]
    public static partial void MetadataAvailable(this ILogger logger, string source);

    [LoggerMessage(2023, LogLevel.Warning, "The node's name was not known, it waited for IMDS at {Url}: {Reason}")]
    public static partial void WaitedForNodeId(this ILogger logger, string url, string reason);

    [LoggerMessage(2024, LogLevel.Warning, "The process was frozen for {Seconds:0.0} s: nothing was served or said until IMDS was read anew")]
    public static partial void WasFrozen(this ILogger logger, double seconds);

    [LoggerMessage(2025, LogLevel.Warning, "EC2 announced the end of {NodeId}, its drain was asked for: {Reason}")]
    public static partial void Interrupted(this ILogger logger, string nodeId, string reason);

    [LoggerMessage(2026, LogLevel.Error, "What {Source} showed was not taken in, what it showed last stays in force")]
    public static partial void MetadataFailed(this ILogger logger, string source, Exception exception);

    [LoggerMessage(2029, LogLevel.Warning, "Repaired what somebody else had changed in the kernel: {Steps}")]
    public static partial void KernelRepaired(this ILogger logger, string steps);

    [LoggerMessage(2030, LogLevel.Information, "The kernel was changed in {Milliseconds:0} ms: {Steps}")]
    public static partial void KernelChanged(this ILogger logger, double milliseconds, string steps);

    [LoggerMessage(2031, LogLevel.Error, "The kernel was not brought to what it shall hold: {Reason}")]
    public static partial void KernelRefused(this ILogger logger, string reason);

    [LoggerMessage(2032, LogLevel.Information, "The kernel holds what it shall again")]
    public static partial void KernelHealed(this ILogger logger);

    [LoggerMessage(2033, LogLevel.Error, "The node reported trouble with its data plane, Failover may take its addresses away: {Trouble}")]
    public static partial void InTrouble(this ILogger logger, string trouble);

    [LoggerMessage(2034, LogLevel.Warning, "Addresses that arrived were not taken in at once, the next round does it: {Reason}")]
    public static partial void ArrivalRefused(this ILogger logger, string reason);

    [LoggerMessage(2035, LogLevel.Information, "{Address} was put on {Link} as {PrivateAddress}, with {Peers} peers")]
    public static partial void OnHost(this ILogger logger, string address, System.Net.IPAddress privateAddress, string link, int peers);

    [LoggerMessage(2036, LogLevel.Information, "{Address} arrived: on the host {OnHost:0.0} ms after IMDS showed it, first handshake after {Handshake:0.0} ms, {Done} of {Peers} peers by then")]
    public static partial void Arrived(this ILogger logger, string address, double onHost, double handshake, int done, int peers);

    [LoggerMessage(2037, LogLevel.Warning, "{Address} had no handshake with peer {PublicKey} at {Endpoint} after {Attempts} initiations; the peer may begin by itself")]
    public static partial void NoHandshake(this ILogger logger, string address, string publicKey, System.Net.IPEndPoint endpoint, int attempts);

    [LoggerMessage(2038, LogLevel.Error, "Handshakes were not started: {Reason}")]
    public static partial void HandshakesNotStarted(this ILogger logger, string reason);

    [LoggerMessage(2039, LogLevel.Warning, "The number of nft's ruleset could not be read, and a round was made for that: {Reason}")]
    public static partial void RulesetNotWatched(this ILogger logger, string reason);

    [LoggerMessage(2040, LogLevel.Information, "Peer {PublicKey} connected to {Address} with {InnerAddresses}")]
    public static partial void PeerConnected(this ILogger logger, string publicKey, string address, string innerAddresses);

    [LoggerMessage(2041, LogLevel.Information, "Peer {PublicKey} of {Address} was removed: {Reason}")]
    public static partial void PeerRemoved(this ILogger logger, string publicKey, string address, string reason);

    [LoggerMessage(2042, LogLevel.Error, "Peer {PublicKey} was not set on {Address}: {Reason}")]
    public static partial void PeerRefused(this ILogger logger, string publicKey, string address, string reason);

    [LoggerMessage(2043, LogLevel.Error, "Peers were not looked at: {Reason}")]
    public static partial void PeersNotRead(this ILogger logger, string reason);

    [LoggerMessage(2050, LogLevel.Warning, "The Allocator did not answer with a snapshot, for {Seconds:F0} s now: {Reason}")]
    public static partial void SnapshotFailed(this ILogger logger, double seconds, string reason);

    [LoggerMessage(2051, LogLevel.Information, "The Allocator's snapshot named {Placements} placements")]
    public static partial void SnapshotTaken(this ILogger logger, int placements);

    [LoggerMessage(2052, LogLevel.Information, "The Allocator did not know node {NodeId}, it joined again")]
    public static partial void NotKnown(this ILogger logger, string nodeId);

    [LoggerMessage(2053, LogLevel.Warning, "{Events} events were dropped while the bus was away, more than {Capacity} waited")]
    public static partial void EventsDropped(this ILogger logger, long events, int capacity);

    [LoggerMessage(2060, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(this ILogger logger, string method, string path, Exception exception);

    [LoggerMessage(2070, LogLevel.Information, "Everything of Vprox was removed from the kernel")]
    public static partial void TornDown(this ILogger logger);

    [LoggerMessage(2071, LogLevel.Warning, "Bandwidth was not what was asked for: {Flaws}")]
    public static partial void BandwidthFlawed(this ILogger logger, string flaws);

    [LoggerMessage(2072, LogLevel.Information, "Bandwidth was what was asked for again")]
    public static partial void BandwidthMended(this ILogger logger);

    [LoggerMessage(2073, LogLevel.Warning, "What addresses sent and received was not read: {Reason}")]
    public static partial void TrafficNotCounted(this ILogger logger, string reason);

    [LoggerMessage(2080, LogLevel.Error, "{Address} ran out of the ports that tunnels share: {Used} of {Ports} were in use to {Destination} and up to {Dropped} new connections were dropped; peer {PublicKey} at {InnerAddress} held most, {UsedByOne}")]
    public static partial void SharedPortsExhausted(this ILogger logger, string address, int used, int ports, string destination, long dropped, string publicKey, string innerAddress, int usedByOne);

    [LoggerMessage(2081, LogLevel.Information, "{Address} had free ports for the tunnels that share them again")]
    public static partial void SharedPortsFreeAgain(this ILogger logger, string address);

    [LoggerMessage(2082, LogLevel.Error, "The use of the ports that tunnels share could not be watched: {Reason}")]
    public static partial void SharedPortsNotWatched(this ILogger logger, string reason);
}
