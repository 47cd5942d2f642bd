using Vprox.NodeAgent.Core.DataPlane;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>What is ours in the kernel, as far as it is known without reading again what cannot have changed.</summary>
/// <param name="State">All of it.</param>
/// <param name="Seen">The interfaces whose peers were read now.</param>
/// <param name="Settings">The settings that were read now.</param>
/// <param name="OnlyThose">True when everything else is as it was in the reading before.</param>
internal sealed record KernelReading(KernelState State, IReadOnlyList<Device> Seen, IReadOnlySet<string> Settings, bool OnlyThose)
{
    /// <summary>What was read now, of a state.</summary>
    public KernelState Fresh(KernelState state) => state.Only(Seen.Select(device => device.Name).ToHashSet(), Settings);
}
