namespace Vprox.NodeAgent.Core;

/// <summary>What a static address may send, and what it may receive, each on its own, in Mbit/s of IP packets.</summary>
/// <param name="GuaranteedMbps">Its own whatever others do; null for none.</param>
/// <param name="CeilingMbps">Never exceeded; null for whatever the node's link carries.</param>
public sealed record Bandwidth(int? GuaranteedMbps, int? CeilingMbps)
{
    /// <summary>Nothing guaranteed, no ceiling.</summary>
    public static Bandwidth Any { get; } = new(null, null);
}
