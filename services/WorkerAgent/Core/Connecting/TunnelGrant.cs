using System.Diagnostics.CodeAnalysis;
using System.Net;
using Vprox.Addressing;
using Vprox.Contracts;
using Vprox.Identity;
using Vprox.WireGuard;

namespace Vprox.WorkerAgent.Core;

/// <summary>A grant that was checked: everything in it can be used as it is.</summary>
public sealed record TunnelGrant
{
    /// <summary>The bearer token. Secret.</summary>
    public required string Token { get; init; }

    /// <summary>The static address.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Whose it is.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>The static address's WireGuard key.</summary>
    public required WireGuardKey ServerPublicKey { get; init; }

    /// <summary>The address's inner subnet: nothing outside it may be put on a tunnel's interface.</summary>
    public required Ipv4Prefix Inner { get; init; }

    /// <summary>The pin of its TLS key.</summary>
    public required TlsPin TlsPin { get; init; }

    /// <summary>When the worker asks for the next one: half of this one's life.</summary>
    public required DateTimeOffset RenewAt { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>
    /// What a node will most likely agree to, so that the tunnel's interface need not wait for its answer; null when the grant does not say it. Not kept over a
    /// restart.
    /// </summary>
    public NodeConnection? Expected { get; init; }

    /// <summary>Checks what the Allocator sent.</summary>
    /// <param name="issued">The message.</param>
    /// <param name="now">The time of its arrival.</param>
    /// <param name="grant">The grant.</param>
    /// <param name="fault">What is wrong with it, when it is.</param>
    public static bool TryParse(GrantIssued issued, DateTimeOffset now, [NotNullWhen(true)] out TunnelGrant? grant, [NotNullWhen(false)] out string? fault)
    {
        grant = null;
        if (!IsBearer(issued.Token))
            fault = "its token is no bearer token";
        else if (!Ipv4.TryParse(issued.Address, out var address))
            fault = $"its address \"{issued.Address}\" is not an IPv4 address";
        else if (string.IsNullOrEmpty(issued.WorkspaceId))
            fault = "it names no workspace";
        else if (!WireGuardKey.TryParse(issued.ServerPublicKey, out var serverKey))
            fault = "its server key is not a WireGuard key";
        else if (!Ipv4Prefix.TryParse(issued.InnerSubnet, out var inner) || inner.Length is < 16 or > 30)
            fault = $"its inner subnet \"{issued.InnerSubnet}\" is not a prefix of 16 to 30 bits";
        else if (!TlsPin.TryParse(issued.TlsPin, out var pin))
            fault = "its TLS pin is not SHA-256 in base64";
        else if (issued.ExpiresAt <= now)
            fault = $"it ended at {issued.ExpiresAt:O}";
        else
        {
            fault = null;
            grant = Expecting(issued, new TunnelGrant
            {
                Token = issued.Token,
                Address = address,
                WorkspaceId = issued.WorkspaceId,
                ServerPublicKey = serverKey,
                Inner = inner,
                TlsPin = pin,
                RenewAt = now + ((issued.ExpiresAt - now) / 2),
                ExpiresAt = issued.ExpiresAt,
            });
        }
        return grant is not null;
    }

    /// <summary>Never the token.</summary>
    public override string ToString() => $"grant for {Address} until {ExpiresAt:O}";

    private static TunnelGrant Expecting(GrantIssued issued, TunnelGrant grant)
    {
        var answer = new ConnectAnswer
        {
            AssignedAddr = $"{(issued.InnerAddresses is [var first, ..] ? first : null)}/{grant.Inner.Length}",
            ServerPublicKey = issued.ServerPublicKey,
            ServerListenPort = issued.ListenPort,
            InnerAddresses = issued.InnerAddresses,
            PortBlocks = issued.PortBlocks,
        };
        return NodeConnection.TryParse(answer, grant, out var expected, out _) ? grant with { Expected = expected } : grant;
    }

    // It goes into a header: one line of visible ASCII.
    private static bool IsBearer(string? token) => token is { Length: > 0 and <= GrantVerifier.MaximumTokenLength } && token.All(c => c is > ' ' and < (char)127);
}
