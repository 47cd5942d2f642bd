using System.Net;

namespace Vprox.WorkerAgent.Core;

/// <summary>A container's address in the kernel: held, or held and routed.</summary>
public sealed record DesiredContainer
{
    /// <summary>Its address on the worker.</summary>
    public required IPAddress Ip { get; init; }

    /// <summary>The bridge or veth it sits behind; null when none was found.</summary>
    public string? Link { get; init; }

    /// <summary>Slot of the tunnel it is routed through; null while it is only held.</summary>
    public int? Tunnel { get; init; }
}
