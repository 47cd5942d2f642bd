using System.Net;

namespace Vprox.WorkerAgent;

/// <summary>Everything the worker agent logs. Never a token, never a key.</summary>
internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Information, "Worker {WorkerId} started with {Containers} containers and {Tunnels} tunnels from its journal and {Backend} WireGuard")]
    public static partial void WorkerStarted(this ILogger logger, string workerId, int containers, int tunnels, string backend);

    [LoggerMessage(4002, LogLevel.Information, "Changed the kernel within {Milliseconds:0} ms: {Steps}")]
    public static partial void KernelChanged(this ILogger logger, string steps, double milliseconds);

    [LoggerMessage(4003, LogLevel.Warning, "Repaired what somebody else had changed in the kernel: {Steps}")]
    public static partial void KernelRepaired(this ILogger logger, string steps);

    [LoggerMessage(4004, LogLevel.Error, "Could not change the kernel: {Reason}; what is closed stays closed, trying again")]
    public static partial void KernelRefused(this ILogger logger, string reason);

    [LoggerMessage(4005, LogLevel.Warning, "This kernel has no conntrack timeout policies: a port block is free again only 120 s after a connection closed")]
    public static partial void NoConntrackTimeouts(this ILogger logger);

    [LoggerMessage(4006, LogLevel.Warning, "Began with nothing, for the journal was damaged and the kernel held nothing of ours, as after a crash of the host; containers that run must be started again: {Reason}")]
    public static partial void JournalLost(this ILogger logger, string reason);

    [LoggerMessage(4010, LogLevel.Information, "Container {ContainerId} at {ContainerIp} was routed through {Address} after {Milliseconds:0} ms")]
    public static partial void ContainerRouted(this ILogger logger, string containerId, IPAddress containerIp, IPAddress address, double milliseconds);

    [LoggerMessage(4011, LogLevel.Warning, "Container {ContainerId} was refused: {Code}: {Reason}")]
    public static partial void ContainerRefused(this ILogger logger, string containerId, string code, string reason);

    [LoggerMessage(4012, LogLevel.Information, "Container {ContainerId} was stopped")]
    public static partial void ContainerStopped(this ILogger logger, string containerId);

    [LoggerMessage(4013, LogLevel.Information, "Container {ContainerId} was started after it had been stopped; nothing was done")]
    public static partial void ContainerStartedLate(this ILogger logger, string containerId);

    [LoggerMessage(4020, LogLevel.Information, "Tunnel to {Address} for proxy {ProxyId} was granted until {ExpiresAt:O}")]
    public static partial void TunnelGranted(this ILogger logger, string proxyId, IPAddress address, DateTimeOffset expiresAt);

    [LoggerMessage(4021, LogLevel.Information, "Tunnel to {Address} for proxy {ProxyId} was connected with {Blocks} port blocks")]
    public static partial void TunnelConnected(this ILogger logger, string proxyId, IPAddress address, int blocks);

    [LoggerMessage(4022, LogLevel.Information, "Tunnel for proxy {ProxyId} was proven by a handshake on {Link}")]
    public static partial void TunnelProven(this ILogger logger, string proxyId, string link);

    [LoggerMessage(4023, LogLevel.Warning, "Tunnel for proxy {ProxyId} failed: {Reason}; trying again in {Milliseconds:0} ms")]
    public static partial void TunnelFailed(this ILogger logger, string proxyId, string reason, double milliseconds);

    [LoggerMessage(4024, LogLevel.Warning, "Tunnel for proxy {ProxyId} was refused: {Code}: {Reason}")]
    public static partial void TunnelRefused(this ILogger logger, string proxyId, string code, string reason);

    [LoggerMessage(4025, LogLevel.Warning, "Tunnel for proxy {ProxyId} fell silent")]
    public static partial void TunnelFellSilent(this ILogger logger, string proxyId);

    [LoggerMessage(4026, LogLevel.Information, "Tunnel for proxy {ProxyId} carried traffic again")]
    public static partial void TunnelRestored(this ILogger logger, string proxyId);

    [LoggerMessage(4027, LogLevel.Information, "Tunnel for proxy {ProxyId} was disconnected, no container had used it for a while")]
    public static partial void TunnelDisconnected(this ILogger logger, string proxyId);

    [LoggerMessage(4028, LogLevel.Information, "Node was not told that the tunnel for proxy {ProxyId} ended: {Reason}; it will notice by itself")]
    public static partial void DisconnectUnheard(this ILogger logger, string proxyId, string reason);

    [LoggerMessage(4029, LogLevel.Information, "Address {Address} moved to node {NodeId} with generation {Generation}; its tunnel was looked at")]
    public static partial void AddressMoved(this ILogger logger, string address, string nodeId, long generation);

    [LoggerMessage(4030, LogLevel.Warning, "Could not publish {Message}: {Reason}; trying again")]
    public static partial void PublishFailed(this ILogger logger, string message, string reason);

    [LoggerMessage(4031, LogLevel.Error, "Work on the tunnel for proxy {ProxyId} ended unexpectedly")]
    public static partial void DutyFailed(this ILogger logger, Exception exception, string proxyId);

    [LoggerMessage(4032, LogLevel.Error, "Could not look at the tunnel for proxy {ProxyId}: {Reason}")]
    public static partial void ProbeFailed(this ILogger logger, string proxyId, string reason);

    [LoggerMessage(4033, LogLevel.Information, "Tunnel for proxy {ProxyId} wanted {Wanted} port blocks and had {Blocks}")]
    public static partial void BlocksWanted(this ILogger logger, string proxyId, int wanted, int blocks);

    [LoggerMessage(4034, LogLevel.Information, "Tunnel for proxy {ProxyId} gave back {Blocks} port blocks")]
    public static partial void BlocksReturned(this ILogger logger, string proxyId, int blocks);

    [LoggerMessage(4035, LogLevel.Warning, "Tunnel for proxy {ProxyId} got no other port blocks: {Reason}; trying again in {Milliseconds:0} ms")]
    public static partial void BlocksRefused(this ILogger logger, string proxyId, string reason, double milliseconds);

    [LoggerMessage(4036, LogLevel.Error, "Tunnel for proxy {ProxyId} to {Address} ran out of ports: {Used} of {Ports} were in use to {Destination} and at least {Dropped} new connections were dropped; {Reason}")]
    public static partial void PortsExhausted(this ILogger logger, string proxyId, IPAddress address, int used, int ports, string destination, long dropped, string reason);

    [LoggerMessage(4037, LogLevel.Information, "Tunnel for proxy {ProxyId} to {Address} had free ports again")]
    public static partial void PortsFreeAgain(this ILogger logger, string proxyId, IPAddress address);

    [LoggerMessage(4038, LogLevel.Error, "The use of ports could not be watched, no tunnel gets further blocks: {Reason}")]
    public static partial void PortsNotWatched(this ILogger logger, string reason);

    [LoggerMessage(4040, LogLevel.Critical, "Worker agent cannot go on: {Reason}")]
    public static partial void CannotGoOn(this ILogger logger, string reason);
}
