using Vprox.NodeAgent.Core.DataPlane.Shaping;

namespace Vprox.NodeAgent.Core.DataPlane.Changes;

/// <summary>Makes an intermediate functional block, down.</summary>
public sealed record CreateBlock(string Name) : KernelChange
{
    /// <inheritdoc/>
    public override string ToString() => $"ifb {Name} created";
}

/// <summary>Sets a block up; one that is down drops what is redirected to it.</summary>
public sealed record SetBlockUp(string Name) : KernelChange
{
    /// <inheritdoc/>
    public override string ToString() => $"ifb {Name} set up";
}

/// <summary>Deletes a block with its tree.</summary>
public sealed record DeleteBlock(string Name) : KernelChange
{
    /// <inheritdoc/>
    public override string ToString() => $"ifb {Name} deleted";
}

/// <summary>Adds a qdisc, class or filter, or changes the one that is there.</summary>
public sealed record PutTraffic(TrafficObject Item, bool Replaces) : KernelChange
{
    /// <inheritdoc/>
    public override string ToString() => $"{Item}, {(Replaces ? "changed" : "added")}";
}

/// <summary>Removes a qdisc, class or filter.</summary>
public sealed record RemoveTraffic(TrafficObject Item) : KernelChange
{
    /// <inheritdoc/>
    public override string ToString() => $"{Item}, removed";
}
