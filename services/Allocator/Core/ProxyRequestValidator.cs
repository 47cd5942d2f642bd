using Vprox.Contracts;

namespace Vprox.Allocator.Core;

/// <summary>Checks what a scheduler sent before anything looks at the database.</summary>
public static class ProxyRequestValidator
{
    public const int MaximumAddresses = 5;

    // The fastest instances of EC2 have 600 Gbit/s; more is a typing error.
    private const int MaximumMbps = 1_000_000;

    /// <summary>Null when the request is well formed; otherwise what is wrong, in one sentence.</summary>
    public static string? Error(ProxyRequested request) => request switch
    {
        { ProxyId: var id } when !IsId(id) => "proxyId must have 1 to 128 characters of A-Z a-z 0-9 . _ : -",
        { WorkspaceId: var id } when !IsId(id) => "workspaceId must have 1 to 128 characters of A-Z a-z 0-9 . _ : -",
        { AddressCount: < 1 or > MaximumAddresses } => $"addressCount must be 1 to {MaximumAddresses}, not {request.AddressCount}",
        { GuaranteedMbps: < 1 or > MaximumMbps } => $"guaranteedMbps must be 1 to {MaximumMbps}, not {request.GuaranteedMbps}",
        { CeilingMbps: < 1 or > MaximumMbps } => $"ceilingMbps must be 1 to {MaximumMbps}, not {request.CeilingMbps}",
        { CeilingMbps: { } ceiling, GuaranteedMbps: { } guaranteed } when ceiling < guaranteed =>
            $"ceilingMbps ({ceiling}) must not be below guaranteedMbps ({guaranteed})",
        _ => null,
    };

    /// <summary>True for ids as the contracts allow them.</summary>
    public static bool IsId(string? id) =>
        id is { Length: >= 1 and <= 128 } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-');
}
