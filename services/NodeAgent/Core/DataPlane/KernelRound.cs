namespace Vprox.NodeAgent.Core.DataPlane;

/// <summary>What a round did to the kernel, a sentence for each step.</summary>
/// <param name="Steps">All of it; empty when nothing was to do.</param>
/// <param name="Repairs">Those of them that put right what somebody else had changed.</param>
public sealed record KernelRound(IReadOnlyList<string> Steps, IReadOnlyList<string> Repairs);
