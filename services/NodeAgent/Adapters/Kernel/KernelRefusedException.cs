namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>The kernel refused some steps of a plan; the others were done.</summary>
public sealed class KernelRefusedException : Exception
{
    /// <summary>From the refusals, of which the first is told.</summary>
    public KernelRefusedException(IReadOnlyList<Exception> refusals, int steps)
        : base($"{refusals.Count} of {steps} steps were refused, the first: {refusals[0].Message}", refusals[0]) { }
}
