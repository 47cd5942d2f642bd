using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Vprox.NodeAgent.Https;

/// <summary>Refusals as application/problem+json (RFC 9457).</summary>
internal static class Problems
{
    /// <summary>A refusal.</summary>
    public static ProblemHttpResult Of(int status, string title, string? detail = null) =>
        TypedResults.Problem(new ProblemDetails { Status = status, Title = title, Detail = detail });

    /// <summary>A refusal that is over soon.</summary>
    public static ProblemHttpResult RetryLater(HttpContext context, int status, string title, string? detail = null)
    {
        context.Response.Headers.RetryAfter = "1";
        return Of(status, title, detail);
    }
}
