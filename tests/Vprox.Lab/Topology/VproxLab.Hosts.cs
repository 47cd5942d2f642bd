using Vprox.Lab.Topology.Faults;
using Vprox.Lab.Topology.Gateway;

namespace Vprox.Lab.Topology;

public sealed partial class VproxLab
{
    private void BuildHosts()
    {
        _options.Progress?.Invoke("hosts and network");
        Internet = Add(new LabHost(Name, "internet", Directory));
        Gateway = Add(new LabHost(Name, "gw", Directory));
        Control = Add(new LabHost(Name, "control", Directory));
        BuildInternet();
        BuildGateway();
        BuildControl();
        Ec2 = new CloudEndpoint(Gateway, "ec2", LabPlan.ControlRouter, LabPlan.CloudPort);
        Sqs = new CloudEndpoint(Gateway, "sqs", LabPlan.ControlRouter, LabPlan.QueuePort);
        Metadata = new CloudEndpoint(Gateway, "imds", LabPlan.Metadata, 80);
        Nodes = [.. Plan.Nodes.Select((plan, index) => Add(new LabNode(Name, index + 1, Directory, plan)))];
        foreach (var node in Nodes)
            node.Connect(Gateway);
        Workers = [.. Enumerable.Range(1, _options.Workers).Select(number => Add(new LabWorker(Name, number, Directory, _options.ContainersPerWorker)))];
        foreach (var worker in Workers)
        {
            _hosts = _hosts.AddRange(worker.Containers);
            worker.Connect(Internet, Control);
        }
    }

    /// <summary>One switch; the router's address on it, and the server's.</summary>
    private void BuildInternet()
    {
        Wiring.Switch(Internet, "br0", LabPlan.InternetRouter, LabPlan.Internet);
        Wiring.Address(Internet, "br0", LabPlan.InternetServer, 32);
        Internet.Sysctl("ipv4/ip_forward=1", "ipv4/conf/all/send_redirects=0", "ipv4/conf/br0/send_redirects=0");
    }

    private void BuildGateway()
    {
        Wiring.Cable(Internet, "gw", Gateway, GatewayLink.Internet);
        Wiring.Plug(Internet, "gw", "br0");
        Wiring.Address(Gateway, GatewayLink.Internet, LabPlan.GatewayPublic, LabPlan.Internet.Length);
        Wiring.Via(Internet, LabPlan.GatewayPublic, LabPlan.ElasticRange);

        // The VPC's router has the first address of every subnet; hosts reach it on whichever link they have.
        Wiring.Address(Gateway, "lo", LabPlan.Metadata, 32);
        foreach (var subnet in Plan.Subnets)
            Wiring.Address(Gateway, "lo", Addressing.Ipv4Prefix.Parse(subnet.Prefix).AddressAt(1), 32);
        // Loose in TCP, as an internet gateway keeps no windows.
        Gateway.Sysctl("ipv4/ip_forward=1", "ipv4/conf/all/rp_filter=0", "ipv4/conf/all/send_redirects=0", "netfilter/nf_conntrack_tcp_be_liberal=1");
    }

    private void BuildControl()
    {
        Wiring.Cable(Gateway, GatewayLink.Control, Control, "eth0");
        Wiring.Address(Gateway, GatewayLink.Control, LabPlan.ControlRouter, LabPlan.ControlSubnet.Length);
        Wiring.Address(Control, "eth0", LabPlan.ControlPrivate, LabPlan.ControlSubnet.Length);
        Wiring.Via(Control, LabPlan.ControlRouter, LabPlan.Vpc);

        Wiring.Cable(Internet, "control", Control, "uplink");
        Wiring.Plug(Internet, "control", "br0");
        Wiring.Address(Control, "uplink", LabPlan.ControlPublic, LabPlan.Internet.Length);
        Wiring.Via(Control, LabPlan.InternetRouter);

        Wiring.Switch(Control, "mgmt", LabPlan.ControlManagement, LabPlan.Management);
    }

    private T Add<T>(T host) where T : LabHost
    {
        _hosts = _hosts.Add(host);
        return host;
    }
}
