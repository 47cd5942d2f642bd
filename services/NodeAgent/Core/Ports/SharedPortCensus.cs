using System.Runtime.InteropServices;
using Vprox.Addressing;
using Vprox.Netlink;

namespace Vprox.NodeAgent.Core.Ports;

/// <summary>Counts the flows with a port that tunnels of an address share, while all flows are shown one by one; the others are passed over.</summary>
public sealed class SharedPortCensus
{
    private const uint SubnetMask = uint.MaxValue << (32 - AddressLayout.InnerPrefixLength);

    private readonly Dictionary<uint, (AddressTunnels Tunnels, uint PrivateAddress)> _addresses = [];
    private readonly Dictionary<(uint Inner, FlowRemote To), int> _flows = [];

    /// <summary>Says whose inner addresses are whose.</summary>
    public SharedPortCensus(IEnumerable<AddressTunnels> addresses)
    {
        foreach (var address in addresses)
            _addresses.TryAdd(Ipv4.ToUInt32(address.Placement.Inner.Network), (address, Ipv4.ToUInt32(address.Placement.PrivateAddress)));
    }

    /// <summary>Counts a flow.</summary>
    public void Count(Flow flow)
    {
        if (AddressLayout.SharedPorts.Contains(flow.Reply.LocalPort)
            && _addresses.TryGetValue(flow.Source & SubnetMask, out var address) && address.PrivateAddress == flow.Reply.LocalAddress)
            CollectionsMarshal.GetValueRefOrAddDefault(_flows, (flow.Source, flow.Reply.Remote), out _)++;
    }

    /// <summary>What was counted, of each address with such flows.</summary>
    public IReadOnlyList<SharedPortLoad> Loads() =>
        [.. _flows.GroupBy(each => each.Key.Inner & SubnetMask).Select(each => Load(_addresses[each.Key].Tunnels, each))];

    private static SharedPortLoad Load(AddressTunnels address, IEnumerable<KeyValuePair<(uint Inner, FlowRemote To), int>> flows)
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
