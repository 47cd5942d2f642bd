using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core.DataPlane.Changes;

/// <summary>Makes a WireGuard interface, down and without a key.</summary>
public sealed record CreateInterface(string Name) : KernelChange
{
    /// <inheritdoc/>
    public override string? Tunnel => Name;

    /// <inheritdoc/>
    public override string ToString() => $"interface {Name} created";
}

/// <summary>Gives an interface its key, port and mark.</summary>
public sealed record ConfigureInterface(string Name, WireGuardPrivateKey PrivateKey, int ListenPort, uint FirewallMark) : KernelChange
{
    /// <inheritdoc/>
    public override string? Tunnel => Name;

    /// <inheritdoc/>
    public override string ToString() => $"interface {Name} given its key, port {ListenPort} and mark";
}

/// <summary>Sets an interface up with its MTU.</summary>
public sealed record SetInterfaceUp(string Name, int Mtu) : KernelChange
{
    /// <inheritdoc/>
    public override string ToString() => $"interface {Name} set up, mtu {Mtu}";
}

/// <summary>Adds peers or sets their inner addresses.</summary>
public sealed record SetPeers(string Name, IReadOnlyList<KernelPeer> Peers) : KernelChange
{
    /// <inheritdoc/>
    public override string? Tunnel => Name;

    /// <inheritdoc/>
    public override string ToString() => $"peers set on {Name}: {string.Join(", ", Peers.Select(peer => peer.PublicKey))}";
}

/// <summary>Removes peers.</summary>
public sealed record RemovePeers(string Name, IReadOnlyList<WireGuardKey> Peers) : KernelChange
{
    /// <inheritdoc/>
    public override string? Tunnel => Name;

    /// <inheritdoc/>
    public override string ToString() => $"peers removed from {Name}: {string.Join(", ", Peers)}";
}

/// <summary>Deletes an interface with its peers and addresses.</summary>
public sealed record DeleteInterface(string Name) : KernelChange
{
    /// <inheritdoc/>
    public override string? Tunnel => Name;

    /// <inheritdoc/>
    public override string ToString() => $"interface {Name} deleted";
}
