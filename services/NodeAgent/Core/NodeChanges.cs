using Vprox.NodeAgent.Core.Placements;

namespace Vprox.NodeAgent.Core;

/// <summary>What a change of the kernel brought about.</summary>
/// <param name="Arrived">Addresses that are on the host now and were not.</param>
/// <param name="Serving">Addresses that serve now and did not, or not with this generation: each is to be announced.</param>
/// <param name="Prepared">Addresses that stand ready now and did not, or not with this generation: each is to be announced.</param>
public sealed record NodeChanges(IReadOnlyList<DesiredAddress> Arrived, IReadOnlyList<Placement> Serving, IReadOnlyList<Placement> Prepared);
