using System.Diagnostics.CodeAnalysis;

namespace Vprox.Identity;

/// <summary>What <see cref="GrantVerifier"/> says of a token: a grant, or why not.</summary>
public sealed record GrantVerdict
{
    private GrantVerdict(Grant? grant, GrantRefusal refusal, string reason) => (Grant, Refusal, Reason) = (grant, refusal, reason);

    /// <summary>The grant; null when refused.</summary>
    public Grant? Grant { get; }

    /// <summary>Why not; <see cref="GrantRefusal.None"/> for a grant.</summary>
    public GrantRefusal Refusal { get; }

    /// <summary>One sentence for people, without the token; empty for a grant.</summary>
    public string Reason { get; }

    /// <summary>True when there is a grant.</summary>
    [MemberNotNullWhen(true, nameof(Grant))]
    public bool IsGranted => Grant is not null;

    internal static GrantVerdict Granted(Grant grant) => new(grant, GrantRefusal.None, "");

    internal static GrantVerdict Refused(GrantRefusal refusal, string reason) => new(null, refusal, reason);
}
