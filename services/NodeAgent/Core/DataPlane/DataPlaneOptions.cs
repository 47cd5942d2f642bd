using Vprox.Addressing;
using Vprox.NodeAgent.Core.DataPlane.Shaping;

namespace Vprox.NodeAgent.Core.DataPlane;

/// <summary>What the operator chooses about the data plane.</summary>
/// <param name="DeniedDestinations">Networks that tunnels can't reach; they may overlap.</param>
/// <param name="HttpsPort">TCP port that static addresses answer on.</param>
/// <param name="Shaping">Bandwidth; null shapes nothing.</param>
/// <param name="ReadsPeersIn">
/// Rounds in which every interface's peers are read once, at least 1. The kernel tells of no change to a peer, so they have to be looked at; ten thousand
/// at once would make every round take long.
/// </param>
public sealed record DataPlaneOptions(
    IReadOnlyList<Ipv4Prefix> DeniedDestinations, int HttpsPort = 443, ShapingOptions? Shaping = null, int ReadsPeersIn = 1);
