namespace Vprox.NodeAgent.Core.DataPlane.Shaping;

/// <summary>What the operator says of the node's link, and what the kernel was found to have.</summary>
/// <param name="LinkMbps">What the node's link carries each way, in Mbit/s of Ethernet frames; null when nobody said.</param>
/// <param name="Leaf">How packets of one address wait.</param>
public sealed record ShapingOptions(int? LinkMbps = null, LeafKind Leaf = LeafKind.FairByTunnel);

/// <summary>How the packets of one address wait for their turn.</summary>
public enum LeafKind
{
    /// <summary>fq_codel with a queue per tunnel.</summary>
    FairByTunnel,

    /// <summary>fq_codel with a queue per connection: the kernel has no cls_bpf.</summary>
    FairByFlow,

    /// <summary>sfq with a queue per tunnel: the kernel has no fq_codel.</summary>
    StochasticByTunnel,

    /// <summary>bfifo: the kernel has neither.</summary>
    Fifo,
}
