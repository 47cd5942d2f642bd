using System.Globalization;
using System.Net;
using Vprox.Addressing;
using Vprox.Lab.Cloud;

namespace Vprox.Lab.Topology;

/// <summary>Every name and address of a lab, from its options alone. Public ones are from the ranges for documentation (RFC 5737).</summary>
public sealed class LabPlan(LabOptions options)
{
    public const string Region = "us-east-1";
    public const string EventQueue = "vprox-events";
    public const int CloudPort = 4566;

    /// <summary>SQS has a port of its own, so that it can be down while EC2 is up.</summary>
    public const int QueuePort = 4567;

    /// <summary>The lab's own API, which is never down.</summary>
    public const int LabPort = 4565;

    public const int BrokerPort = 5672;
    public const int HealthPort = 9101;

    public static Ipv4Prefix Internet { get; } = Ipv4Prefix.Parse("198.51.100.0/24");
    public static Ipv4Prefix ElasticRange { get; } = Ipv4Prefix.Parse("192.0.2.0/24");
    public static Ipv4Prefix Vpc { get; } = Ipv4Prefix.Parse("10.0.0.0/16");
    public static Ipv4Prefix ControlSubnet { get; } = Ipv4Prefix.Parse("10.0.0.0/24");
    public static Ipv4Prefix Management { get; } = Ipv4Prefix.Parse("10.255.0.0/24");
    public static IPAddress Metadata { get; } = IPAddress.Parse("169.254.169.254");

    public static IPAddress InternetRouter { get; } = Internet.AddressAt(1);
    public static IPAddress InternetServer { get; } = Internet.AddressAt(10);
    public static IPAddress ControlPublic { get; } = Internet.AddressAt(20);
    public static IPAddress GatewayPublic { get; } = Internet.AddressAt(254);
    public static IPAddress ControlRouter { get; } = ControlSubnet.AddressAt(1);
    public static IPAddress ControlPrivate { get; } = ControlSubnet.AddressAt(10);
    public static IPAddress ControlManagement { get; } = Management.AddressAt(1);

    /// <summary>ServiceURL of EC2 and SQS, as the control host reaches it.</summary>
    public static Uri CloudUrl { get; } = new($"http://{ControlRouter}:{CloudPort}/");

    public static string QueueUrl { get; } = $"http://{ControlRouter}:{QueuePort}/123456789012/{EventQueue}";

    /// <summary>The lab's own API, as the control host reaches it.</summary>
    public static Uri LabUrl { get; } = new($"http://{ControlRouter}:{LabPort}/");

    /// <summary>A launch template whose instances are made as the lab's nodes are.</summary>
    public static string LaunchTemplateId { get; } = Id("lt", 1);

    public IReadOnlyList<SeedSubnet> Subnets { get; } =
    [
        .. Enumerable.Range(1, options.Subnets).Select(number =>
            new SeedSubnet(SubnetId(number), SubnetPrefix(number).ToString(), $"{Region}{(char)('a' + number - 1)}")),
    ];

    public IReadOnlyList<PlannedNode> Nodes { get; } = [.. Enumerable.Range(1, options.Nodes).Select(number => Node(options, number))];

    public IReadOnlyList<SeedElasticIp> ElasticIps { get; } =
    [
        .. Enumerable.Range(0, options.ElasticIps).Select(index =>
            new SeedElasticIp(Id("eipalloc", index + 1), ElasticRange.AddressAt(10 + index).ToString())),
    ];

    public CloudSeed Seed => new()
    {
        Region = Region,
        Subnets = Subnets,
        Instances = [.. Nodes.Select(node => new SeedInstance(node.InstanceId, [.. node.NetworkInterfaces.Select(eni =>
            new SeedNetworkInterface(eni.Id, eni.SubnetId, eni.MacAddress, eni.PrimaryAddress.ToString()))]))],
        ElasticIps = ElasticIps,
        EventQueues = [EventQueue],
        LaunchTemplates = [new SeedLaunchTemplate(LaunchTemplateId, options.NetworkInterfacesPerNode)],
    };

    /// <summary>The part of a subnet that the Allocator takes static addresses' private addresses from: its second 256, e.g. 10.0.5.0/24.</summary>
    public static Ipv4Prefix PrivateRange(int subnet) => SubnetPrefix(subnet).Subnet(24, 1);

    public static IPAddress WorkerPublic(int number) => Internet.AddressAt(100 + number);

    public static IPAddress WorkerManagement(int number) => Management.AddressAt(10 + number);

    public static Ipv4Prefix ContainerSubnet(int worker) => Ipv4Prefix.Containing(IPAddress.Parse($"172.20.{worker}.0"), 24);

    public static IPAddress ContainerAddress(int worker, int number) => ContainerSubnet(worker).AddressAt(10 + number);

    public static string SubnetId(int number) => Id("subnet", number);

    private static Ipv4Prefix SubnetPrefix(int number) => Ipv4Prefix.Containing(IPAddress.Parse($"10.0.{4 * number}.0"), 22);

    private static PlannedNode Node(LabOptions options, int number)
    {
        var subnet = ((number - 1) % options.Subnets) + 1;
        return new PlannedNode(Id("i", number),
        [
            .. Enumerable.Range(0, options.NetworkInterfacesPerNode).Select(device =>
            {
                var unique = ((number - 1) * 16) + device + 1;
                return new PlannedNetworkInterface(
                    Id("eni", unique), SubnetId(subnet), SubnetPrefix(subnet),
                    string.Create(CultureInfo.InvariantCulture, $"0e:00:00:00:{number:x2}:{device:x2}"),
                    SubnetPrefix(subnet).AddressAt(PrimaryOffset(number, device)));
            }),
        ]);
    }

    // In the subnet's first 256 addresses; static ones are in its second.
    private static int PrimaryOffset(int number, int device) => device == 0 ? 10 + number : 128 + ((number - 1) * 8) + device;

    // EC2's ids end in 17 hexadecimal digits.
    private static string Id(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{number:x17}");
}
