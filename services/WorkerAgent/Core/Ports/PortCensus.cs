using System.Net;
using System.Runtime.InteropServices;
using Vprox.Addressing;
using Vprox.Netlink;

namespace Vprox.WorkerAgent.Core;

/// <summary>Counts the flows of tunnels while they are shown one by one; what belongs to no tunnel is passed over.</summary>
public sealed class PortCensus
{
    private readonly Dictionary<uint, string> _tunnels = [];
    private readonly Dictionary<(string Tunnel, FlowRemote To), int> _destinations = [];
    private readonly Dictionary<(uint Inner, FlowRemote To), int> _perBlock = [];

    /// <summary>Says whose inner addresses are whose.</summary>
    public PortCensus(IEnumerable<(string Tunnel, IEnumerable<IPAddress> InnerAddresses)> tunnels)
    {
        foreach (var (tunnel, addresses) in tunnels)
        {
            foreach (var address in addresses)
                _tunnels[Ipv4.ToUInt32(address)] = tunnel;
        }
    }

    /// <summary>Counts a flow.</summary>
    public void Count(ReplyTuple flow)
    {
        if (!_tunnels.TryGetValue(flow.LocalAddress, out var tunnel))
            return;
        CollectionsMarshal.GetValueRefOrAddDefault(_destinations, (tunnel, flow.Remote), out _)++;
        CollectionsMarshal.GetValueRefOrAddDefault(_perBlock, (flow.LocalAddress, flow.Remote), out _)++;
    }

    /// <summary>What was counted of a tunnel.</summary>
    public PortLoad Of(string tunnel)
    {
        var mine = _destinations.Where(each => each.Key.Tunnel == tunnel).ToList();
        if (mine.Count == 0)
            return PortLoad.None;
        var busiest = mine.MaxBy(each => each.Value);
        var blocks = _perBlock.Where(each => _tunnels[each.Key.Inner] == tunnel).GroupBy(each => Ipv4.FromUInt32(each.Key.Inner)).ToList();
        return new PortLoad
        {
            Destination = busiest.Key.To.ToString(),
            Used = busiest.Value,
            Total = mine.Sum(each => each.Value),
            Fullest = blocks.ToDictionary(block => block.Key, block => block.Max(each => each.Value)),
            Flows = blocks.ToDictionary(block => block.Key, block => block.Sum(each => each.Value)),
        };
    }
}
