using System.Net;

namespace Vprox.NodeAgent.Core.Metadata;

/// <summary>An address of which IMDS does not show yet what EC2 was asked for.</summary>
/// <param name="Address">The public address.</param>
/// <param name="PrivateAddress">The private address behind it.</param>
/// <param name="Generation">The placement's.</param>
/// <param name="NetworkInterfaceId">The ENI that it shall come to, or leave.</param>
/// <param name="Leaves">True when it shall go.</param>
public sealed record AwaitedAddress(IPAddress Address, IPAddress PrivateAddress, long Generation, string NetworkInterfaceId, bool Leaves);
