using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Vprox.Identity;
using Vprox.NodeAgent.Core.Peers;
using Vprox.NodeAgent.Https;

namespace Vprox.Cli.Server;

/// <summary>
/// Takes one password of all clients, as modal-labs/vprox does. It does not say whose a tunnel is, so who takes one down must prove its key; a client
/// that cannot is believed once the tunnel is silent (ADR 13).
/// </summary>
internal sealed class PasswordAuthorizer(ServerOptions options, SilentPeers silent, TimeProvider time) : IConnectAuthorizer
{
    /// <summary>What a proof of a disconnect is made for.</summary>
    public const string DisconnectAction = "disconnect";

    /// <summary>Two thirds of an address's blocks: one client cannot take them all.</summary>
    private const int MostBlocks = 104;

    // Of one length, whatever the password's and the token's are: their comparison tells nothing.
    private readonly byte[] _password = Digest(options.Password);

    /// <inheritdoc/>
    public Task<Authorization> AuthorizeAsync(ServedAddress address, string? token) => Task.FromResult<Authorization>(
        token is not null && CryptographicOperations.FixedTimeEquals(Digest(token), _password)
            ? new Authorization.Granted(PeerPublicKey: null, request => new ConnectRequest(request.Key, [], time.GetUtcNow(), LeaseExpiresAt: null) { Wish = WishOf(request) })
            : new Authorization.Refused(token is null ? "There is no bearer token." : "The bearer token is not this server's password."));

    /// <inheritdoc/>
    public DisconnectVerdict Disconnect(ServedAddress address, PeerRequest request)
    {
        if (request.Proof.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            silent.Note(address.Placement, request.Key);
            return DisconnectVerdict.Noted;
        }
        var proof = request.Proof.ValueKind == JsonValueKind.String ? request.Proof.GetString() : null;
        return PeerProof.Holds(address.Placement.Identity!.WireGuardPrivateKey, request.Key, DisconnectAction, proof, time.GetUtcNow())
            ? DisconnectVerdict.Proven : DisconnectVerdict.Refused;
    }

    /// <summary>What a body asks for; what cannot be read asks for nothing, as a client of modal-labs/vprox.</summary>
    internal static PortWish WishOf(PeerRequest request) => new(
        request.PortBlocks.ValueKind == JsonValueKind.Number && request.PortBlocks.TryGetInt32(out var blocks) ? Math.Clamp(blocks, 0, MostBlocks) : 0,
        [.. (request.ReadInnerAddresses() ?? []).Take(MostBlocks).OfType<System.Net.IPAddress>()]);

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
