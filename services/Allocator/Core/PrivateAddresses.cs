using System.Net;
using Vprox.Addressing;

namespace Vprox.Allocator.Core;

/// <summary>The private addresses of the subnets that are taken, by us or by others.</summary>
internal sealed class PrivateAddresses
{
    // EC2 keeps the first four addresses and the last one of every subnet for itself (VPC user guide, "Subnet CIDR blocks").
    private const int ReservedAtStart = 4;
    private const int ReservedAtEnd = 1;

    private readonly Dictionary<string, HashSet<uint>> _taken = [];

    public void Take(string subnetId, IPAddress address) => Taken(subnetId).Add(Ipv4.ToUInt32(address));

    /// <summary>The lowest free one; null when there is none.</summary>
    public IPAddress? Lowest(string subnetId, Ipv4Prefix subnet, Ipv4Prefix range)
    {
        var (first, last) = Usable(subnet, range);
        var taken = Taken(subnetId);
        for (var candidate = first; candidate <= last; candidate++)
        {
            if (!taken.Contains((uint)candidate))
                return Ipv4.FromUInt32((uint)candidate);
        }
        return null;
    }

    /// <summary>How many are free.</summary>
    public int Free(string subnetId, Ipv4Prefix subnet, Ipv4Prefix range)
    {
        var (first, last) = Usable(subnet, range);
        return (int)Math.Max(0, last - first + 1 - Taken(subnetId).LongCount(address => address >= first && address <= last));
    }

    private static (long First, long Last) Usable(Ipv4Prefix subnet, Ipv4Prefix range)
    {
        long inSubnet = Ipv4.ToUInt32(subnet.Network);
        long inRange = Ipv4.ToUInt32(range.Network);
        return (Math.Max(inRange, inSubnet + ReservedAtStart), Math.Min(inRange + range.Count, inSubnet + subnet.Count - ReservedAtEnd) - 1);
    }

    private HashSet<uint> Taken(string subnetId) => _taken.TryGetValue(subnetId, out var taken) ? taken : _taken[subnetId] = [];
}
