using Vprox.Lab.Topology.Faults;
using Vprox.Lab.Topology.Gateway;
using Vprox.Lab.Topology.Processes;

namespace Vprox.Lab.Topology;

/// <summary>A proxy node: an EC2 instance whose ENIs are eth0, eth1 and so on.</summary>
public sealed partial class LabNode : LabHost
{
    internal LabNode(string labName, int number, string labDirectory, PlannedNode plan)
        : base(labName, $"node{number}", labDirectory) => Plan = plan;

    public PlannedNode Plan { get; }

    /// <summary>The instance id, which is also the node id.</summary>
    public string InstanceId => Plan.InstanceId;

    /// <summary>EC2 stopped or terminated it, and its host lost power.</summary>
    public bool IsOff { get; internal set; }

    /// <summary>The node agent's process.</summary>
    public LabProcess Agent => Processes[ServiceSpecs.NodeAgent];

    internal void Connect(LabHost gateway)
    {
        foreach (var (device, eni) in Plan.NetworkInterfaces.Index())
        {
            var link = GatewayLink.Of(eni.Id);
            Wiring.Cable(gateway, link, this, $"eth{device}", eni.MacAddress.Replace(":", "", StringComparison.Ordinal));
            AddUplink(new UplinkCable($"eth{device}", gateway, link));
            // EC2 knows where an address is and asks nobody: a dead host makes nothing wait, and no router says it is unreachable.
            Wiring.Neighbor(gateway, link, eni.PrimaryAddress, eni.MacAddress);
            // The VPC's router answers for every address of the subnet that is elsewhere, at once.
            gateway.Sysctl($"ipv4/conf/{link}/proxy_arp=1", $"ipv4/neigh/{link}/proxy_delay=0", $"ipv4/conf/{link}/rp_filter=0");
            Wiring.Address(this, $"eth{device}", eni.PrimaryAddress, eni.Subnet.Length);
        }
        AddBootRoutes();
        // As a proxy node's image sets it; the rest is NodeAgent's.
        Sysctl("ipv4/ip_forward=1");
    }

    private protected override void AddBootRoutes() => Wiring.Via(this, Plan.NetworkInterfaces[0].Subnet.AddressAt(1));
}
