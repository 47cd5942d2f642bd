using Vprox.Addressing;

namespace Vprox.Allocator;

/// <summary>The pool of one region.</summary>
public sealed class RegionOptions
{
    /// <summary>The cloud's name for it, e.g. us-east-1.</summary>
    public string Name { get; set; } = "";

    /// <summary>The Elastic IPs that may be given out. One that is taken out of the list stays with the proxy that has it.</summary>
    public List<ElasticIpOptions> ElasticIps { get; set; } = [];

    /// <summary>The subnets, and in each the private addresses reserved for static addresses.</summary>
    public List<SubnetOptions> Subnets { get; set; } = [];

    internal IEnumerable<string> Errors()
    {
        if (string.IsNullOrWhiteSpace(Name))
            yield return "Name: is empty";
        if (Subnets.Count == 0)
            yield return "Subnets: is empty, so no node can take an address";
        foreach (var (ip, index) in ElasticIps.Select((ip, index) => (ip, index)))
        {
            if (!Ipv4.TryParse(ip.Address, out _))
                yield return $"ElasticIps:{index}:Address: '{ip.Address}' is not an IPv4 address";
            if (string.IsNullOrWhiteSpace(ip.AllocationId))
                yield return $"ElasticIps:{index}:AllocationId: is empty";
        }
        foreach (var (subnet, index) in Subnets.Select((subnet, index) => (subnet, index)))
        {
            if (string.IsNullOrWhiteSpace(subnet.SubnetId))
                yield return $"Subnets:{index}:SubnetId: is empty";
            if (!Ipv4Prefix.TryParse(subnet.PrivateRange, out var range) || range.Length < 16)
                yield return $"Subnets:{index}:PrivateRange: '{subnet.PrivateRange}' is not an IPv4 prefix of /16 or longer, such as 10.0.1.64/26";
        }
    }
}

/// <summary>An Elastic IP of the pool.</summary>
public sealed class ElasticIpOptions
{
    /// <summary>The public address.</summary>
    public string Address { get; set; } = "";

    /// <summary>EC2's id, e.g. eipalloc-0123.</summary>
    public string AllocationId { get; set; } = "";
}

/// <summary>A subnet that nodes have ENIs in.</summary>
public sealed class SubnetOptions
{
    /// <summary>EC2's id, e.g. subnet-0123.</summary>
    public string SubnetId { get; set; } = "";

    /// <summary>The part of the subnet reserved for static addresses, e.g. 10.0.1.64/26.</summary>
    public string PrivateRange { get; set; } = "";
}
