namespace Vprox.NodeAgent.Core.Placements;

/// <summary>What a message about a placement changed on this node.</summary>
public enum PlacementOutcome
{
    /// <summary>Nothing: it was old, doubled or about another node's address.</summary>
    Ignored,

    /// <summary>The address is placed here from now on, or anew with a newer generation.</summary>
    Placed,

    /// <summary>The placement was known; more of its peers, or a seal that opens, came.</summary>
    Completed,

    /// <summary>The address belongs to another node from now on.</summary>
    Lost,

    /// <summary>The address belongs to no proxy any more.</summary>
    Released,
}
