using System.Collections.Immutable;
using System.Net;

namespace Vprox.Lab.Cloud.State;

/// <summary>
/// Everything one account holds in one region, at one moment. Immutable, so that a stale answer (Describe* lags) and a late effect (IMDS
/// and the data path lag) are nothing but an older value of it.
/// </summary>
public sealed record Ec2State
{
    public static Ec2State Empty { get; } = new();

    public ImmutableSortedDictionary<string, Subnet> Subnets { get; init; } = Sorted<Subnet>();

    public ImmutableSortedDictionary<string, NetworkInterface> NetworkInterfaces { get; init; } = Sorted<NetworkInterface>();

    public ImmutableSortedDictionary<string, Instance> Instances { get; init; } = Sorted<Instance>();

    /// <summary>By allocation id.</summary>
    public ImmutableSortedDictionary<string, ElasticIp> ElasticIps { get; init; } = Sorted<ElasticIp>();

    public ImmutableSortedDictionary<string, LaunchTemplate> LaunchTemplates { get; init; } = Sorted<LaunchTemplate>();

    /// <summary>Primary and secondary private addresses an ENI may hold; 30 on c7gn.8xlarge (EC2 user guide, IP addresses per ENI).</summary>
    public int AddressesPerNetworkInterface { get; init; } = 30;

    /// <summary>How long pending, stopping and shutting-down last.</summary>
    public TimeSpan TransitionTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Ids given out so far; every new id differs from all before.</summary>
    public long LastId { get; init; }

    /// <summary>The ENI that holds a private address, or null. Subnets of a VPC do not overlap, so there is one at most.</summary>
    public NetworkInterface? HolderOf(IPAddress privateAddress) => NetworkInterfaces.Values.FirstOrDefault(eni => eni.Has(privateAddress));

    /// <summary>The Elastic IP on a private address, or null.</summary>
    public ElasticIp? ElasticIpOn(IPAddress privateAddress) =>
        ElasticIps.Values.FirstOrDefault(ip => privateAddress.Equals(ip.Association?.PrivateAddress));

    /// <summary>The ENIs of an instance by device index.</summary>
    public IEnumerable<NetworkInterface> NetworkInterfacesOf(string instanceId) =>
        NetworkInterfaces.Values.Where(eni => eni.InstanceId == instanceId).OrderBy(eni => eni.DeviceIndex);

    /// <summary>The instance that owns a primary private address, or null: how IMDS knows its caller.</summary>
    public Instance? InstanceWithPrimary(IPAddress address) =>
        NetworkInterfaces.Values.FirstOrDefault(eni => eni.PrimaryAddress.Equals(address)) is { } eni
            ? Instances.GetValueOrDefault(eni.InstanceId)
            : null;

    /// <summary>The lowest addresses of a subnet that no ENI holds and EC2 does not reserve.</summary>
    public IEnumerable<IPAddress> FreeAddresses(Subnet subnet)
    {
        var held = NetworkInterfaces.Values.Where(eni => eni.SubnetId == subnet.Id).SelectMany(eni => eni.Addresses).ToHashSet();
        for (long offset = 4; offset < subnet.Prefix.Count - 1; offset++)
            if (subnet.Prefix.AddressAt(offset) is var address && !held.Contains(address))
                yield return address;
    }

    public Ec2State With(NetworkInterface eni) => this with { NetworkInterfaces = NetworkInterfaces.SetItem(eni.Id, eni) };

    public Ec2State With(Instance instance) => this with { Instances = Instances.SetItem(instance.Id, instance) };

    public Ec2State With(ElasticIp ip) => this with { ElasticIps = ElasticIps.SetItem(ip.AllocationId, ip) };

    /// <summary>Takes the Elastic IP off a private address, if there is one; it stays allocated.</summary>
    public Ec2State WithoutElasticIpOn(IPAddress privateAddress) =>
        ElasticIpOn(privateAddress) is { } ip ? With(ip with { Association = null }) : this;

    /// <summary>The next id of a kind, e.g. eipassoc-f0000000000000001; the f keeps it apart from the ids of a seed.</summary>
    public (Ec2State State, string Id) NextId(string kind) => (this with { LastId = LastId + 1 }, $"{kind}-f{LastId + 1:x16}");

    private static ImmutableSortedDictionary<string, T> Sorted<T>() => ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);
}
