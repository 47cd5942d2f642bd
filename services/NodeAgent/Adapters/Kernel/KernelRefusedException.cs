using Vprox.NodeAgent.Core.DataPlane;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>The kernel refused some steps of a plan, which concern the whole node; the others were done.</summary>
public sealed class KernelRefusedException : Exception
{
    /// <summary>From the refusals, of which the first is told.</summary>
    public KernelRefusedException(IReadOnlyList<KernelRefusal> refusals, int steps)
        : base($"{refusals.Count} of {steps} steps were refused, the first: {refusals[0].Reason}") { }
}
