using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core.DataPlane;

/// <summary>What a round did to the kernel.</summary>
/// <param name="Steps">All that was done, as <see cref="Changes.ChangeSentences"/> tells it; empty when nothing was to do.</param>
/// <param name="Repairs">Those of them that put right what somebody else had changed.</param>
/// <param name="RulesetRepaired">Whether the nft table is among these: until it was repaired, traffic was not translated.</param>
/// <param name="Seen">The WireGuard interfaces that were read for it, with their peers as they were before.</param>
public sealed record KernelRound(IReadOnlyList<string> Steps, IReadOnlyList<string> Repairs, bool RulesetRepaired, IReadOnlyList<Device> Seen)
{
    /// <summary>What the kernel did not take.</summary>
    public KernelRefusals Refusals { get; init; } = KernelRefusals.None;
}
