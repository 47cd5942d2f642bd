using System.Net;
using Vprox.Addressing;
using Vprox.Contracts;

namespace Vprox.Cli.Server;

/// <summary>
/// Decides what an Allocator decides elsewhere: each address's inner subnet and port. The i-th /22 of the block goes with port 50227 + i, as in
/// modal-labs/vprox (WireguardListenPortBase, lib/server.go), so that firewalls open for it stay right. Pure.
/// </summary>
internal static class PlacementBook
{
    /// <summary>Port of the first subnet.</summary>
    public const int FirstPort = 50227;

    /// <summary>An address to serve.</summary>
    /// <param name="Address">What clients connect to; names the keys.</param>
    /// <param name="Private">The address on the host.</param>
    public sealed record Wanted(IPAddress Address, IPAddress Private);

    /// <summary>
    /// The placements from now on. One that is known stays as it is, so that its tunnels do; a new one takes the lowest free place. A known one that is not
    /// wanted keeps its place as long as there are others: it may come back.
    /// </summary>
    /// <param name="before">What was placed until now.</param>
    /// <param name="wanted">The addresses to serve.</param>
    /// <param name="block">Where inner subnets are cut from.</param>
    /// <param name="keepsUnwanted">Whether an address that is not wanted now keeps its place.</param>
    /// <param name="make">Makes a placement; its last argument is the generation.</param>
    /// <returns>The placements, and what of the wanted found no place.</returns>
    public static (IReadOnlyList<StaticIpPlaced> Placed, IReadOnlyList<Wanted> WithoutPlace) Next(
        IReadOnlyList<StaticIpPlaced> before, IReadOnlyList<Wanted> wanted, Ipv4Prefix block, bool keepsUnwanted,
        Func<Wanted, int, Ipv4Prefix, long, StaticIpPlaced> make)
    {
        var places = Math.Min(ServerOptions.Capacity(block), AddressLayout.ListenPorts.Last - FirstPort + 1);
        var known = new Dictionary<string, (StaticIpPlaced Placed, int Index)>();
        foreach (var placed in before)
        {
            if (IndexOf(placed, block, places) is { } index && known.Values.All(other => other.Index != index))
                known.TryAdd(placed.Address, (placed, index));
        }
        var names = wanted.Select(each => each.Address.ToString()).ToHashSet();
        var used = known.Where(each => keepsUnwanted || names.Contains(each.Key)).ToDictionary();
        var next = new List<StaticIpPlaced>();
        var without = new List<Wanted>();
        foreach (var each in wanted)
        {
            var name = each.Address.ToString();
            var generation = before.FirstOrDefault(placed => placed.Address == name)?.Generation ?? 0;
            if (used.TryGetValue(name, out var here))
                next.Add(here.Placed.PrivateAddress == each.Private.ToString() ? here.Placed : make(each, here.Placed.ListenPort, block.Subnet(22, here.Index), generation + 1));
            else if (FreePlace(used, names, places) is { } free)
            {
                var made = make(each, FirstPort + free, block.Subnet(AddressLayout.InnerPrefixLength, free), generation + 1);
                used[name] = (made, free);
                next.Add(made);
            }
            else
                without.Add(each);
        }
        return ([.. next, .. used.Where(each => !names.Contains(each.Key)).Select(each => each.Value.Placed)], without);
    }

    /// <summary>The lowest place that nobody has, else one of an address that is not wanted, which loses it.</summary>
    private static int? FreePlace(Dictionary<string, (StaticIpPlaced Placed, int Index)> used, HashSet<string> wanted, int places)
    {
        var taken = used.Values.Select(each => each.Index).ToHashSet();
        for (var index = 0; index < places; index++)
        {
            if (!taken.Contains(index))
                return index;
        }
        if (used.FirstOrDefault(each => !wanted.Contains(each.Key)) is not { Key: { } loser } losing)
            return null;
        used.Remove(loser);
        return losing.Value.Index;
    }

    private static int? IndexOf(StaticIpPlaced placed, Ipv4Prefix block, int places)
    {
        var index = placed.ListenPort - FirstPort;
        return index >= 0 && index < places && placed.InnerSubnet == block.Subnet(AddressLayout.InnerPrefixLength, index).ToString() ? index : null;
    }
}
