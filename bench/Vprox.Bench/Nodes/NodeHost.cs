using Vprox.Lab.Namespaces;
using Vprox.NodeAgent.Core.Metadata;

namespace Vprox.Bench.Nodes;

/// <summary>A proxy node and a client beside it, each a network namespace; the client is at the far end of every ENI.</summary>
public sealed class NodeHost : IDisposable
{
    public NodeHost(IReadOnlyList<NetworkInterfaceMetadata> enis)
    {
        var prefix = NetworkNamespace.RandomPrefix();
        Node = NetworkNamespace.Create($"{prefix}-node");
        Client = NetworkNamespace.Create($"{prefix}-client");
        // As the agent does at its start. A wireguard-go begins with a port that the kernel chose, which could be the one of an address that comes later.
        Node.Execute("sysctl", "-qw", "net.ipv4.ip_local_reserved_ports=49152-65535");
        foreach (var eni in enis)
        {
            Ip(Node, $"link add {eni.LinkName} address {eni.MacAddress} type veth peer name {eni.LinkName} netns {Client.Name}");
            Ip(Node, $"address add {eni.PrimaryAddress}/{eni.Subnet.Length} dev {eni.LinkName}");
            Ip(Node, $"link set {eni.LinkName} up");
            Ip(Client, $"link set {eni.LinkName} up");
        }
        // The subnet's router, where the node's answers go.
        Ip(Client, $"address add {enis[0].Subnet.AddressAt(1)}/{enis[0].Subnet.Length} dev {enis[0].LinkName}");
        Directory = System.IO.Directory.CreateTempSubdirectory("vprox-bench-").FullName;
    }

    public NetworkNamespace Node { get; }

    public NetworkNamespace Client { get; }

    /// <summary>For files of this run.</summary>
    public string Directory { get; }

    /// <summary>Runs an ip command.</summary>
    public static void Ip(NetworkNamespace place, string command) => place.Execute("ip", command.Split(' '));

    public void Dispose()
    {
        Node.Dispose();
        Client.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
