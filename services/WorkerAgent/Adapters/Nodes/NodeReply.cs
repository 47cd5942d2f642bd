using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Adapters.Nodes;

/// <summary>What became of POST /connect.</summary>
public abstract record NodeReply
{
    /// <summary>200 with a body that could be read.</summary>
    public sealed record Accepted(ConnectAnswer Answer) : NodeReply;

    /// <summary>401: the node does not take this grant.</summary>
    public sealed record Unauthorized(string Reason) : NodeReply;

    /// <summary>Any other answer that the same request will get again.</summary>
    public sealed record Refused(string Reason) : NodeReply;

    /// <summary>429 or 503: later.</summary>
    public sealed record Busy(string Reason, TimeSpan? RetryAfter) : NodeReply;

    /// <summary>No answer, or a server without the pinned key.</summary>
    public sealed record Unreachable(string Reason) : NodeReply;
}
