namespace Vprox.Bus.Messaging;

/// <summary>The names of all queues, as the design gives them. Dead letters lie in the name plus <c>_error</c>.</summary>
public static class QueueNames
{
    /// <summary>What the Allocator is told by the other services (quorum).</summary>
    public const string Allocator = "vprox.allocator";

    /// <summary>What Failover and operators say of nodes: no crowd of news stands before it (quorum).</summary>
    public const string AllocatorVerdicts = "vprox.allocator.verdicts";

    /// <summary>ProxyRequested, plain JSON or envelope (quorum).</summary>
    public const string AllocatorProxyRequested = "vprox.allocator.proxy-requested";

    /// <summary>ProxyReleased, plain JSON or envelope (quorum).</summary>
    public const string AllocatorProxyReleased = "vprox.allocator.proxy-released";

    /// <summary>What Failover is told (quorum, single active consumer).</summary>
    public const string Failover = "vprox.failover";

    /// <summary>Placements and other events for one node (classic, expires unused).</summary>
    public static string Node(string nodeId) => $"vprox.node.{Checked(nodeId)}";

    /// <summary>Events for one worker (classic, expires unused).</summary>
    public static string Worker(string workerId) => $"vprox.worker.{Checked(workerId)}";

    /// <summary>ContainerStarted for one worker, plain JSON or envelope (classic, expires unused).</summary>
    public static string WorkerContainerStarted(string workerId) => $"{Worker(workerId)}.container-started";

    /// <summary>ContainerStopped for one worker, plain JSON or envelope (classic, expires unused).</summary>
    public static string WorkerContainerStopped(string workerId) => $"{Worker(workerId)}.container-stopped";

    /// <summary>Heartbeats as one process hears them (transient, gone with the process).</summary>
    public static string Heartbeats(string service, string instance) => $"vprox.{Checked(service)}.heartbeats.{Checked(instance)}";

    /// <summary>Whether an id can be part of a queue name and a routing key: 1..128 characters of A-Z a-z 0-9 . _ : -</summary>
    public static bool IsId(string? id) =>
        id is { Length: >= 1 and <= 128 } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-');

    private static string Checked(string id) =>
        IsId(id) ? id : throw new ArgumentException($"'{id}' is not an id: 1..128 characters of A-Z a-z 0-9 . _ : -", nameof(id));
}
