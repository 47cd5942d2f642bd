using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core.DataPlane;

/// <summary>The WireGuard interface of a static address.</summary>
public sealed record TunnelInterface
{
    /// <summary>vp and the listen port.</summary>
    public required string Name { get; init; }

    /// <summary>The static address's key; null when none is set yet.</summary>
    public required WireGuardPrivateKey? PrivateKey { get; init; }

    /// <summary>UDP port, 0 when none is bound yet.</summary>
    public required int ListenPort { get; init; }

    /// <summary>Mark of the encrypted packets, by which a rule sends them out by the static address's own table.</summary>
    public required uint FirewallMark { get; init; }

    /// <summary>Largest packet in bytes.</summary>
    public required int Mtu { get; init; }

    /// <summary>True when it is set up.</summary>
    public required bool IsUp { get; init; }

    /// <summary>The tunnels to workers.</summary>
    public required IReadOnlyDictionary<WireGuardKey, KernelPeer> Peers { get; init; }
}
