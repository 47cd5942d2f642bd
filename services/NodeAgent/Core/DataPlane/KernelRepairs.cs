using Vprox.NodeAgent.Core.DataPlane.Changes;

namespace Vprox.NodeAgent.Core.DataPlane;

/// <summary>Tells what is put right from what is new.</summary>
public static class KernelRepairs
{
    /// <summary>
    /// The steps that nothing new explains: of a kind that leads from what the kernel held after our last round to what it shall hold now by no step.
    /// By kind, for what arrived between two rounds was done in part already: a repair may pass for ours, and ours for no repair.
    /// </summary>
    /// <param name="plan">What is to be done.</param>
    /// <param name="desired">What the kernel shall hold.</param>
    /// <param name="last">What it held after our last round; null when that is not known, as after a start or a refusal.</param>
    public static IReadOnlyList<KernelChange> In(IReadOnlyList<KernelChange> plan, KernelState desired, KernelState? last)
    {
        if (plan.Count == 0 || last is null)
            return [];
        var ours = KernelPlan.Between(desired, last).Select(change => change.GetType()).ToHashSet();
        return [.. plan.Where(change => !ours.Contains(change.GetType()))];
    }
}
