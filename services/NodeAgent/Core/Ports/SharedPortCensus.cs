using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Vprox.Addressing;
using Vprox.Netlink;

namespace Vprox.NodeAgent.Core.Ports;

/// <summary>Counts the flows with a port that tunnels of an address share, while all flows are shown one by one; the others are passed over.</summary>
public sealed class SharedPortCensus
{
    private const byte Udp = 17;
    private const uint SubnetMask = uint.MaxValue << (32 - AddressLayout.InnerPrefixLength);

    private readonly Dictionary<uint, (AddressTunnels Tunnels, uint PrivateAddress)> _addresses = [];
    private readonly Dictionary<(uint Inner, Destination To), int> _flows = [];

    private readonly record struct Destination(byte Protocol, uint Address, ushort Port)
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Ipv4.FromUInt32(Address)}:{Port}/{(Protocol == Udp ? "udp" : "tcp")}");
    }

    /// <summary>Says whose inner addresses are whose.</summary>
    public SharedPortCensus(IEnumerable<AddressTunnels> addresses)
    {
        foreach (var address in addresses)
            _addresses.TryAdd(Ipv4.ToUInt32(address.Placement.Inner.Network), (address, Ipv4.ToUInt32(address.Placement.PrivateAddress)));
    }

    /// <summary>Counts a flow.</summary>
    public void Count(Flow flow)
    {
        var (protocol, remote, remotePort, local, localPort) = flow.Reply;
        if (AddressLayout.SharedPorts.Contains(localPort) && _addresses.TryGetValue(flow.Source & SubnetMask, out var address) && address.PrivateAddress == local)
            CollectionsMarshal.GetValueRefOrAddDefault(_flows, (flow.Source, new Destination(protocol, remote, remotePort)), out _)++;
    }

    /// <summary>What was counted, of each address with such flows.</summary>
    public IReadOnlyList<SharedPortLoad> Loads() =>
        [.. _flows.GroupBy(each => each.Key.Inner & SubnetMask).Select(each => Load(_addresses[each.Key].Tunnels, each))];

    private static SharedPortLoad Load(AddressTunnels address, IEnumerable<KeyValuePair<(uint Inner, Destination To), int>> flows)
    {
        var busiest = flows.GroupBy(each => each.Key.To).MaxBy(to => to.Sum(each => each.Value))!;
        var most = busiest.MaxBy(each => each.Value);
        var inner = Ipv4.FromUInt32(most.Key.Inner);
        return new SharedPortLoad
        {
            Placement = address.Placement,
            Destination = busiest.Key.ToString(),
            Used = busiest.Sum(each => each.Value),
            InnerAddress = inner,
            PublicKey = address.Peers.FirstOrDefault(peer => peer.InnerAddresses.Contains(inner))?.PublicKey,
            UsedByOne = most.Value,
        };
    }
}
