using Vprox.Lab.Topology.Gateway;
using Vprox.Lab.Topology.Processes;
using Vprox.Netlink;

namespace Vprox.Lab.Topology;

/// <summary>A proxy node: an EC2 instance whose ENIs are eth0, eth1 and so on.</summary>
public sealed class LabNode : LabHost
{
    internal LabNode(string labName, int number, string labDirectory, PlannedNode plan)
        : base(labName, $"node{number}", labDirectory) => Plan = plan;

    public PlannedNode Plan { get; }

    /// <summary>The instance id, which is also the node id.</summary>
    public string InstanceId => Plan.InstanceId;

    /// <summary>The node agent's process.</summary>
    public LabProcess Agent => Processes[ServiceSpecs.NodeAgent];

    internal void Connect(LabHost gateway)
    {
        foreach (var (device, eni) in Plan.NetworkInterfaces.Index())
        {
            var link = GatewayLink.Of(eni.Id);
            Wiring.Cable(gateway, link, this, $"eth{device}", eni.MacAddress.Replace(":", "", StringComparison.Ordinal));
            // The VPC's router answers for every address of the subnet that is elsewhere, at once.
            gateway.Sysctl($"ipv4/conf/{link}/proxy_arp=1", $"ipv4/neigh/{link}/proxy_delay=0", $"ipv4/conf/{link}/rp_filter=0");
            Wiring.Address(this, $"eth{device}", eni.PrimaryAddress, eni.Subnet.Length);
        }
        Wiring.Via(this, Plan.NetworkInterfaces[0].Subnet.AddressAt(1));
        // As a proxy node's image sets it; the rest is NodeAgent's.
        Sysctl("ipv4/ip_forward=1");
    }

    /// <summary>Power cut: every process ends and every link goes down. EC2 is not told; see <see cref="VproxLab.Cloud"/> for that.</summary>
    public Task KillAsync() => Task.Run(() =>
    {
        CutLinks();
        KillProcesses();
    });

    /// <summary>The network fails while everything on the node runs on.</summary>
    public void CutLinks() => Set(up: false);

    /// <summary>The network comes back, with the routes the host had at boot.</summary>
    public void JoinLinks()
    {
        Set(up: true);
        Wiring.Via(this, Plan.NetworkInterfaces[0].Subnet.AddressAt(1));
    }

    /// <summary>Links up and every service started again.</summary>
    public void Revive()
    {
        JoinLinks();
        foreach (var process in Processes.Values)
            process.Start();
    }

    private void Set(bool up)
    {
        foreach (var device in Enumerable.Range(0, Plan.NetworkInterfaces.Count))
            Route.Execute(new SetLink($"eth{device}") { Up = up });
    }
}
