namespace Vprox.NodeAgent.Workers;

/// <summary>What wakes the loops before their time.</summary>
public sealed class Signals
{
    /// <summary>The desired state may have changed.</summary>
    public Signal Reconcile { get; } = new();

    /// <summary>EC2 has moved an address to or from this node: IMDS is about to show it.</summary>
    public Signal Metadata { get; } = new();

    /// <summary>A peer has connected: it is about to be seen.</summary>
    public Signal Peers { get; } = new();

    /// <summary>Messages were missed, or the Allocator knows an old sealing key: join again and ask for a snapshot.</summary>
    public Signal Snapshot { get; } = new();
}
