using System.Net;

namespace Vprox.NodeAgent.Core.Peers;

/// <summary>What became of a wish to connect.</summary>
public abstract record ConnectOutcome
{
    private ConnectOutcome() { }

    /// <summary>The peer is in the table and may go to the kernel.</summary>
    /// <param name="Peer">The peer now.</param>
    /// <param name="Before">The peer before; null when it is new.</param>
    /// <param name="Displaced">Peers whose lease had ended and whose inner addresses it took; they are out of the table.</param>
    public sealed record Connected(TunnelPeer Peer, TunnelPeer? Before, IReadOnlyList<TunnelPeer> Displaced) : ConnectOutcome
    {
        /// <summary>Peers that lost some of their inner addresses to it, as they were before. WireGuard itself moves an allowed IP to the peer that is
        /// given it last.</summary>
        public IReadOnlyList<TunnelPeer> Reduced { get; init; } = [];
    }

    /// <summary>Other tunnels hold all of its inner addresses, by grants that live and are not older.</summary>
    public sealed record Conflict(IPAddress InnerAddress) : ConnectOutcome;

    /// <summary>No inner address is left.</summary>
    public sealed record Full : ConnectOutcome;
}
