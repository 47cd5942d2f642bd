using Vprox.Addressing;

namespace Vprox.Allocator.Core;

/// <summary>An ENI that may take addresses while a plan is made.</summary>
internal sealed class InterfaceLoad(NodeLoad node, FleetNetworkInterface eni, Ipv4Prefix range, int rank)
{
    public NodeLoad Node { get; } = node;

    public FleetNetworkInterface Eni { get; } = eni;

    /// <summary>The private addresses of its subnet that are ours to use.</summary>
    public Ipv4Prefix Range { get; } = range;

    /// <summary>Position on its node by id.</summary>
    public int Rank { get; } = rank;

    public int Used { get; set; }

    public int Free => Math.Max(0, Eni.SecondaryCapacity - Used);

    /// <summary>The plan has put an address here: one more goes with the same AssignPrivateIpAddresses.</summary>
    public bool IsTarget { get; set; }
}
