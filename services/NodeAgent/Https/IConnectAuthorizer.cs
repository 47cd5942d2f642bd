using Vprox.NodeAgent.Core.Peers;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Https;

/// <summary>Says whether a bearer token lets a peer connect to a static address, and with what.</summary>
public interface IConnectAuthorizer
{
    /// <summary>Judges a token. It comes from the internet: whatever it holds, the answer is a value.</summary>
    /// <param name="address">The address the request came to.</param>
    /// <param name="token">The bearer token; null when there was none.</param>
    Task<Authorization> AuthorizeAsync(ServedAddress address, string? token);

    /// <summary>Says what follows from a request to take down a tunnel, once its token allows to speak for it.</summary>
    /// <param name="address">The address the request came to.</param>
    /// <param name="request">The request. It comes from the internet.</param>
    DisconnectVerdict Disconnect(ServedAddress address, PeerRequest request) => DisconnectVerdict.Proven;
}

/// <summary>What follows from a request to take down a tunnel.</summary>
public enum DisconnectVerdict
{
    /// <summary>It is the peer's own: the tunnel goes at once.</summary>
    Proven,

    /// <summary>Whose it is, is not known: it was noted, and the peer's silence will tell.</summary>
    Noted,

    /// <summary>It claims to be the peer's own, and is not.</summary>
    Refused,
}

/// <summary>What a token allows.</summary>
public abstract record Authorization
{
    private Authorization() { }

    /// <summary>It may act for these peers.</summary>
    /// <param name="PeerPublicKey">The only peer it may act for; null when the token is not bound to one.</param>
    /// <param name="Request">What the peer of a request connects with; null when the request asks for what the token does not give.</param>
    public sealed record Granted(WireGuardKey? PeerPublicKey, Func<PeerRequest, ConnectRequest?> Request) : Authorization;

    /// <summary>It allows nothing here.</summary>
    /// <param name="Reason">One sentence for people, without the token.</param>
    public sealed record Refused(string Reason) : Authorization;
}
