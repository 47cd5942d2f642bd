using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Vprox.Lab.Cloud.Imds;

/// <summary>IMDSv2 session tokens: an instance's own, until they expire.</summary>
public sealed class MetadataTokens
{
    public const int LongestTtlSeconds = 21600;

    private readonly ConcurrentDictionary<string, (string InstanceId, DateTimeOffset Expires)> _tokens = new();

    public string Issue(string instanceId, int ttlSeconds, DateTimeOffset now)
    {
        var token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(40));
        _tokens[token] = (instanceId, now.AddSeconds(ttlSeconds));
        return token;
    }

    public bool IsValid(string token, string instanceId, DateTimeOffset now) =>
        _tokens.TryGetValue(token, out var issued) && issued.InstanceId == instanceId && now < issued.Expires;
}
