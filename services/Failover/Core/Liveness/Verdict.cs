using System.Collections.Immutable;

namespace Vprox.Failover.Core.Liveness;

/// <summary>What follows from what was observed, with everything it rests on, a sentence each.</summary>
public abstract record Verdict(ImmutableList<string> Evidence)
{
    /// <summary>The node it is about; null when it is about several.</summary>
    public abstract string? Node { get; }

    /// <summary>Something speaks against a node.</summary>
    public sealed record Suspected(string NodeId, ImmutableList<string> Evidence) : Verdict(Evidence)
    {
        /// <inheritdoc/>
        public override string Node => NodeId;
    }

    /// <summary>Nothing speaks against a suspected node any more.</summary>
    public sealed record Cleared(string NodeId, ImmutableList<string> Evidence) : Verdict(Evidence)
    {
        /// <inheritdoc/>
        public override string Node => NodeId;
    }

    /// <summary>A node is to lose its addresses.</summary>
    /// <param name="NodeId">The node.</param>
    /// <param name="Evidence">What it rests on.</param>
    /// <param name="After">From the last sign of life, or the first of trouble, to this verdict.</param>
    public sealed record Unhealthy(string NodeId, ImmutableList<string> Evidence, TimeSpan After) : Verdict(Evidence)
    {
        /// <inheritdoc/>
        public override string Node => NodeId;
    }

    /// <summary>A node may have addresses again.</summary>
    public sealed record Recovered(string NodeId, ImmutableList<string> Evidence) : Verdict(Evidence)
    {
        /// <inheritdoc/>
        public override string Node => NodeId;
    }

    /// <summary>A node's addresses are to be moved away while it is alive.</summary>
    public sealed record Draining(string NodeId, ImmutableList<string> Evidence) : Verdict(Evidence)
    {
        /// <inheritdoc/>
        public override string Node => NodeId;
    }

    /// <summary>Too many nodes are lost at once: nothing is done about these.</summary>
    public sealed record Held(ImmutableSortedSet<string> NodeIds, ImmutableList<string> Evidence) : Verdict(Evidence)
    {
        /// <inheritdoc/>
        public override string? Node => null;
    }

    /// <summary>No longer so many nodes are lost that verdicts are held.</summary>
    public sealed record HoldEnded(ImmutableList<string> Evidence) : Verdict(Evidence)
    {
        /// <inheritdoc/>
        public override string? Node => null;
    }
}
