using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core.DataPlane;

/// <summary>What a round at the kernel came to.</summary>
/// <param name="Steps">What was done, one sentence each; empty when nothing was to do, as after a restart that adopts.</param>
/// <param name="Repairs">
/// True when the kernel held all this before, and nothing else was asked for since: somebody else changed what is ours.
/// </param>
/// <param name="Seen">The WireGuard interfaces that were read, with their peers: every one within <see cref="DataPlaneOptions.ReadsPeersIn"/> rounds.</param>
public sealed record KernelRound(IReadOnlyList<string> Steps, bool Repairs, IReadOnlyList<Device> Seen);
