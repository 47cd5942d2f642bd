using Vprox.Addressing;

namespace Vprox.NodeAgent.Core.DataPlane;

/// <summary>What the operator chooses about the data plane.</summary>
/// <param name="DeniedDestinations">Networks that tunnels can't reach; they may overlap.</param>
/// <param name="HttpsPort">TCP port that static addresses answer on.</param>
public sealed record DataPlaneOptions(IReadOnlyList<Ipv4Prefix> DeniedDestinations, int HttpsPort = 443);
