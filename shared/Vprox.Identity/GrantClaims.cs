using System.Net;
using System.Text.Json;
using Vprox.Addressing;
using Vprox.WireGuard;

namespace Vprox.Identity;

/// <summary>A grant as claims of a JWT (RFC 7519).</summary>
internal static class GrantClaims
{
    public const string Issuer = "vprox-allocator";
    public const string Workspace = "ws";
    public const string Proxy = "proxy";
    public const string Inner = "inner";
    public const string Blocks = "blocks";

    /// <summary>Milliseconds beyond "iat", which is in whole seconds for those who read nothing else; absent means 0.</summary>
    public const string Milliseconds = "ms";

    public static Dictionary<string, object> Write(Grant grant) => new()
    {
        ["iss"] = Issuer,
        ["aud"] = grant.Address.ToString(),
        ["sub"] = grant.PeerPublicKey.ToString(),
        [Workspace] = grant.WorkspaceId,
        [Proxy] = grant.ProxyId,
        [Inner] = grant.InnerAddresses.Select(address => address.ToString()).ToArray(),
        [Blocks] = grant.PortBlocks.Select(ports => ports.ToString()).ToArray(),
        ["iat"] = grant.IssuedAt.ToUnixTimeSeconds(),
        [Milliseconds] = grant.IssuedAt.Millisecond,
        ["exp"] = grant.ExpiresAt.ToUnixTimeSeconds(),
    };

    /// <summary>Reads the claims of a token whose signature was verified; null when one is missing or of another shape.</summary>
    public static Grant? Read(JsonElement claims) =>
        Ipv4.TryParse(Text(claims, "aud"), out var address)
        && WireGuardKey.TryParse(Text(claims, "sub"), out var peer)
        && Text(claims, Workspace) is { Length: > 0 } workspace
        && Text(claims, Proxy) is { Length: > 0 } proxy
        && List<IPAddress>(claims, Inner, Ipv4.TryParse) is { } inner
        && List<PortRange>(claims, Blocks, PortRange.TryParse) is { } blocks
        && Time(claims, "iat") is { } issuedAt
        && Time(claims, "exp") is { } expiresAt
            ? new Grant
            {
                Address = address,
                PeerPublicKey = peer,
                WorkspaceId = workspace,
                ProxyId = proxy,
                InnerAddresses = inner,
                PortBlocks = blocks,
                IssuedAt = issuedAt.AddMilliseconds(MillisecondsOf(claims)),
                ExpiresAt = expiresAt,
            }
            : null;

    private delegate bool TryParse<T>(string? text, out T? value);

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var seconds)
        && seconds is > 0 and < 253402300800 // year 10000, where DateTimeOffset ends
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static int MillisecondsOf(JsonElement claims) =>
        claims.TryGetProperty(Milliseconds, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out var milliseconds)
        && milliseconds is >= 0 and < 1000
            ? milliseconds
            : 0;

    private static List<T>? List<T>(JsonElement claims, string name, TryParse<T> parse)
    {
        if (!claims.TryGetProperty(name, out var array) || array.ValueKind != JsonValueKind.Array)
            return null;
        var values = new List<T>();
        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.String || !parse(element.GetString(), out var value))
                return null;
            values.Add(value!);
        }
        return values;
    }
}
