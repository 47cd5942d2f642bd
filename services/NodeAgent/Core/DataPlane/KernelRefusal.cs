using Vprox.NodeAgent.Core.DataPlane.Changes;

namespace Vprox.NodeAgent.Core.DataPlane;

/// <summary>A step of a plan that the kernel refused.</summary>
/// <param name="Step">The step.</param>
/// <param name="Reason">The kernel's words.</param>
public sealed record KernelRefusal(KernelChange Step, string Reason);
