using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Vprox.Addressing;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Https;

/// <summary>
/// The body of /connect and /disconnect. modal-labs/vprox's client sends the key and nothing else; other fields are ignored, as Go's decoder does, and
/// those that are ours are read where the node decides by itself.
/// </summary>
public sealed record PeerRequest
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNameCaseInsensitive = true, MaxDepth = 8 };

    /// <summary>The peer's WireGuard public key (base64).</summary>
    [JsonPropertyName("PeerPublicKey")]
    public string? PeerPublicKey { get; init; }

    /// <summary>How many port blocks the peer would like; whatever it says.</summary>
    [JsonPropertyName("PortBlocks")]
    public JsonElement PortBlocks { get; init; }

    /// <summary>Without an Allocator the inner addresses that it had before, with one those of its grant that it keeps; whatever it says.</summary>
    [JsonPropertyName("InnerAddresses")]
    public JsonElement InnerAddresses { get; init; }

    /// <summary>A proof that it holds its key (<see cref="Identity.PeerProof"/>); whatever it says.</summary>
    [JsonPropertyName("Proof")]
    public JsonElement Proof { get; init; }

    /// <summary>The key, once it is parsed.</summary>
    [JsonIgnore]
    public WireGuardKey Key { get; private init; }

    /// <summary><see cref="InnerAddresses"/>, each null that is none; empty when there are none at all, null when they are no list.</summary>
    public IEnumerable<IPAddress?>? ReadInnerAddresses() => InnerAddresses.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => [],
        JsonValueKind.Array => InnerAddresses.EnumerateArray()
            .Select(each => each.ValueKind == JsonValueKind.String && Ipv4.TryParse(each.GetString(), out var address) ? address : null),
        _ => null,
    };

    /// <summary>Reads a body; false with one sentence that says what is wrong.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out PeerRequest? request, [NotNullWhen(false)] out string? error)
    {
        request = null;
        error = null;
        try
        {
            var read = JsonSerializer.Deserialize<PeerRequest>(body, Json);
            if (!WireGuardKey.TryParse(read?.PeerPublicKey, out var key))
                error = "PeerPublicKey must be a WireGuard public key: 32 bytes in base64 (44 characters), not all zero.";
            else
                request = read with { Key = key };
        }
        catch (JsonException)
        {
            error = "The body must be JSON of the form {\"PeerPublicKey\":\"<base64>\"}.";
        }
        return request is not null;
    }
}
