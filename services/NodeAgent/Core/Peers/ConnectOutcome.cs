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
    public sealed record Connected(TunnelPeer Peer, TunnelPeer? Before, IReadOnlyList<TunnelPeer> Displaced) : ConnectOutcome;

    /// <summary>Another tunnel holds one of its inner addresses, and its lease has not ended.</summary>
    public sealed record Conflict(IPAddress InnerAddress) : ConnectOutcome;

    /// <summary>No inner address is left.</summary>
    public sealed record Full : ConnectOutcome;
}
