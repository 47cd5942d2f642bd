namespace Vprox.Allocator.Core;

/// <summary>A node while a plan is made: what is taken on it, and by whom.</summary>
internal sealed class NodeLoad(FleetNode node, int rank)
{
    private readonly Dictionary<string, int> _ofProxy = [];
    private readonly Dictionary<string, int> _ofWorkspace = [];
    private readonly int _capacity = node.NetworkInterfaces.Sum(eni => eni.SecondaryCapacity);

    public FleetNode Node { get; } = node;

    /// <summary>Position among the nodes by id: the last word between equals, so that equal fleets give equal plans.</summary>
    public int Rank { get; } = rank;

    public int Used { get; set; }

    /// <summary>The part of its seats that is taken.</summary>
    public double Share => _capacity == 0 ? 1 : (double)Used / _capacity;

    public int OfProxy(string proxyId) => _ofProxy.GetValueOrDefault(proxyId);

    public int OfWorkspace(string workspaceId) => _ofWorkspace.GetValueOrDefault(workspaceId);

    public void Count(FleetPlacement placement)
    {
        Used++;
        _ofProxy[placement.ProxyId] = OfProxy(placement.ProxyId) + 1;
        _ofWorkspace[placement.WorkspaceId] = OfWorkspace(placement.WorkspaceId) + 1;
    }
}
