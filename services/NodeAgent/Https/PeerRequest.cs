using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Vprox.Addressing;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Https;

/// <summary>The body of /connect and /disconnect, as modal-labs/vprox's client sends it. Other fields are ignored, as Go's decoder does.</summary>
public sealed record PeerRequest
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNameCaseInsensitive = true, MaxDepth = 8 };

    /// <summary>The peer's WireGuard public key (base64).</summary>
    [JsonPropertyName("PeerPublicKey")]
    public string? PeerPublicKey { get; init; }

    /// <summary>Ours: those of the grant's inner addresses that the peer wants, for it is about to give the others back; absent means all.</summary>
    [JsonPropertyName("InnerAddresses")]
    public IReadOnlyList<string?>? InnerAddresses { get; init; }

    /// <summary>Reads a body; false with one sentence that says what is wrong.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, out WireGuardKey key, out IReadOnlyList<IPAddress> only, [NotNullWhen(false)] out string? error)
    {
        key = default;
        only = [];
        error = null;
        try
        {
            var request = JsonSerializer.Deserialize<PeerRequest>(body, Json);
            var addresses = (request?.InnerAddresses ?? []).Select(text => Ipv4.TryParse(text, out var address) ? address : null).ToList();
            only = [.. addresses.OfType<IPAddress>()];
            if (only.Count != addresses.Count)
                error = "InnerAddresses must be IPv4 addresses.";
            else if (!WireGuardKey.TryParse(request?.PeerPublicKey, out key))
                error = "PeerPublicKey must be a WireGuard public key: 32 bytes in base64 (44 characters), not all zero.";
        }
        catch (JsonException)
        {
            error = "The body must be JSON of the form {\"PeerPublicKey\":\"<base64>\"}.";
        }
        return error is null;
    }
}
