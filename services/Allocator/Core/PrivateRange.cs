using Vprox.Addressing;

namespace Vprox.Allocator.Core;

/// <summary>The secondary private addresses of a subnet that the operator reserved for static addresses (ADR 4).</summary>
public sealed record PrivateRange(string SubnetId, Ipv4Prefix Range);
