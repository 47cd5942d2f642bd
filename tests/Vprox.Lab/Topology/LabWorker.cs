using System.Net;
using Vprox.Lab.Topology.Faults;
using Vprox.Lab.Topology.Processes;

namespace Vprox.Lab.Topology;

/// <summary>A worker host: an uplink with a public address, a link to the control host for the bus, and containers on a bridge.</summary>
public sealed class LabWorker : LabHost
{
    /// <summary>The bridge the containers are on.</summary>
    public const string Bridge = "br0";

    /// <summary>The link to the internet.</summary>
    public const string Uplink = "uplink";

    private const string ManagementLink = "mgmt0";

    private readonly int _number;

    internal LabWorker(string labName, int number, string labDirectory, int containers)
        : base(labName, $"worker{number}", labDirectory)
    {
        _number = number;
        Containers = [.. Enumerable.Range(1, containers).Select(index => new LabContainer(
            labName, $"{Name}-c{index}", labDirectory, this, LabPlan.ContainerAddress(number, index)))];
    }

    /// <summary>The worker's id on the bus.</summary>
    public string WorkerId => Name;

    /// <summary>What the internet sees of containers without a proxy.</summary>
    public IPAddress PublicAddress => LabPlan.WorkerPublic(_number);

    /// <summary>Its own address on the bridge, the containers' gateway.</summary>
    public IPAddress BridgeAddress => LabPlan.ContainerSubnet(_number).AddressAt(1);

    public IReadOnlyList<LabContainer> Containers { get; }

    /// <summary>The worker agent's process.</summary>
    public LabProcess Agent => Processes[ServiceSpecs.WorkerAgent];

    private protected override void AddBootRoutes() => Wiring.Via(this, LabPlan.InternetRouter);

    internal void Connect(LabHost internet, LabHost control)
    {
        Wiring.Cable(internet, Name, this, Uplink);
        Wiring.Plug(internet, Name, "br0");
        Wiring.Address(this, Uplink, PublicAddress, LabPlan.Internet.Length);
        AddUplink(new UplinkCable(Uplink, internet, Name));
        AddBootRoutes();

        Wiring.Cable(control, Name, this, ManagementLink);
        AddUplink(new UplinkCable(ManagementLink, control, Name));
        Wiring.Plug(control, Name, "mgmt");
        Wiring.Address(this, ManagementLink, LabPlan.WorkerManagement(_number), LabPlan.Management.Length);

        var subnet = LabPlan.ContainerSubnet(_number);
        Wiring.Switch(this, Bridge, BridgeAddress, subnet);
        foreach (var container in Containers)
            container.Connect(subnet);
        Sysctl("ipv4/ip_forward=1");
        // What a container runtime sets up for a bridge: containers go out with the host's address, nothing new comes in.
        Nft.Run($$"""
            table ip runtime {
              chain postrouting {
                type nat hook postrouting priority srcnat; policy accept;
                ip saddr {{subnet}} oifname != "{{Bridge}}" masquerade
              }
              chain forward {
                type filter hook forward priority filter; policy drop;
                iifname "{{Bridge}}" accept
                oifname "{{Bridge}}" ct state established,related accept
              }
            }
            """);
    }
}
