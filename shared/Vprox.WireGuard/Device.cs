namespace Vprox.WireGuard;

/// <summary>A WireGuard interface as it was observed. What one asks for is a <see cref="DeviceConfig"/>.</summary>
public sealed record Device
{
    /// <summary>Interface name, e.g. vp49152.</summary>
    public required string Name { get; init; }

    /// <summary>The interface's private key; null when none is set.</summary>
    public WireGuardPrivateKey? PrivateKey { get; init; }

    /// <summary>UDP port, 0 when none is bound.</summary>
    public required int ListenPort { get; init; }

    /// <summary>Mark on the encrypted packets, 0 for none.</summary>
    public required uint FirewallMark { get; init; }

    /// <summary>Its peers, in the backend's order.</summary>
    public required IReadOnlyList<Peer> Peers { get; init; }
}
