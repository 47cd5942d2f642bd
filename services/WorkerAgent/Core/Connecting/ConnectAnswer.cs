namespace Vprox.WorkerAgent.Core;

/// <summary>The body of a node's answer to POST /connect, as it stands on the wire (PascalCase, as Go encodes it).</summary>
public sealed record ConnectAnswer
{
    /// <summary>The tunnel's first inner address with the inner subnet's length, "240.0.0.2/22".</summary>
    public string? AssignedAddr { get; init; }

    /// <summary>The static address's WireGuard key, base64.</summary>
    public string? ServerPublicKey { get; init; }

    /// <summary>Its UDP port.</summary>
    public int ServerListenPort { get; init; }

    /// <summary>All inner addresses of the tunnel; absent from a modal-labs/vprox server, like what follows.</summary>
    public IReadOnlyList<string?>? InnerAddresses { get; init; }

    /// <summary>Its port blocks, "1024-1279"; the i-th belongs to the i-th inner address.</summary>
    public IReadOnlyList<string?>? PortBlocks { get; init; }

    /// <summary>The server's inner address.</summary>
    public string? Gateway { get; init; }

    /// <summary>The tunnel's MTU.</summary>
    public int? Mtu { get; init; }
}
