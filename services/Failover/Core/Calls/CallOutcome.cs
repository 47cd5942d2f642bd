namespace Vprox.Failover.Core.Calls;

/// <summary>How a call to EC2 ended.</summary>
public abstract record CallOutcome
{
    /// <summary>EC2 took it; its effect follows.</summary>
    /// <param name="AssociationId">What AssociateAddress answers; null for the other actions.</param>
    public sealed record Done(string? AssociationId = null) : CallOutcome;

    /// <summary>EC2 did not take it, or did not say.</summary>
    /// <param name="Why">What it means.</param>
    /// <param name="Said">EC2's own words.</param>
    public sealed record Refused(Refusal Why, string Said) : CallOutcome;

    /// <summary>Reads EC2's error code (EC2 API reference, "Error codes for the Amazon EC2 API").</summary>
    /// <param name="action">The API's name.</param>
    /// <param name="code">The error code; empty when there was no answer.</param>
    /// <param name="status">The HTTP status; 0 when there was no answer.</param>
    /// <param name="said">The message.</param>
    public static CallOutcome From(string action, string code, int status, string said) => code switch
    {
        // A stale disassociate: the association is not there any more, which was the aim.
        "InvalidAssociationID.NotFound" when action == ApiAction.Disassociate => new Done(),
        "RequestLimitExceeded" or "Throttling" or "ThrottlingException" or "RequestThrottled" or "RequestThrottledException"
            or "TooManyRequestsException" or "SlowDown" or "EC2ThrottledException" => new Refused(Refusal.Throttled, Words(code, said)),
        // Somebody associated it between two looks: looked at again, and done again.
        "Resource.AlreadyAssociated" => new Refused(Refusal.Unavailable, Words(code, said)),
        _ when status == 429 => new Refused(Refusal.Throttled, Words(code, said)),
        _ when status is 0 or 408 or >= 500 => new Refused(Refusal.Unavailable, Words(code, said)),
        _ when code.EndsWith(".NotFound", StringComparison.Ordinal) => new Refused(Refusal.NotFound, Words(code, said)),
        _ => new Refused(Refusal.Rejected, Words(code, said)),
    };

    private static string Words(string code, string said) => code.Length == 0 ? said : $"{code}: {said}";
}
