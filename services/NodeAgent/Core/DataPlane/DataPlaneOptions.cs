using Vprox.Addressing;
using Vprox.NodeAgent.Core.DataPlane.Shaping;

namespace Vprox.NodeAgent.Core.DataPlane;

/// <summary>What the operator chooses about the data plane.</summary>
/// <param name="DeniedDestinations">Networks that tunnels can't reach; they may overlap.</param>
/// <param name="HttpsPort">TCP port that static addresses answer on.</param>
/// <param name="Shaping">Bandwidth; null shapes nothing.</param>
public sealed record DataPlaneOptions(IReadOnlyList<Ipv4Prefix> DeniedDestinations, int HttpsPort = 443, ShapingOptions? Shaping = null);
