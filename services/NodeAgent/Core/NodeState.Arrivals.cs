using System.Net;
using Vprox.NodeAgent.Core.Metadata;
using Vprox.NodeAgent.Core.Placements;

namespace Vprox.NodeAgent.Core;

// How far the addresses are: prepared, on their way, on the host, serving.
public sealed partial class NodeState
{
    private readonly Dictionary<IPAddress, DateTimeOffset> _arrivedAt = [];
    private readonly Dictionary<IPAddress, long> _announced = [];
    private readonly Dictionary<IPAddress, long> _prepared = [];
    private readonly Dictionary<IPAddress, long> _preparedSaid = [];

    /// <summary>The addresses that are placed here, stand ready, and have not arrived.</summary>
    public IReadOnlyList<Placement> Prepared
    {
        get { lock (_lock) return [.. PlacedHere().Where(placement => IsPrepared(placement) && !_arrivedAt.ContainsKey(placement.Address))]; }
    }

    /// <summary>What IMDS is to be asked for again and again: addresses that shall come, or go, and have not.</summary>
    public IReadOnlyList<AwaitedAddress> Awaited
    {
        get { lock (_lock) return _metadata is null ? [] : [.. _placements.Held.Select(Awaiting).OfType<AwaitedAddress>()]; }
    }

    /// <summary>The addresses that are on the host.</summary>
    public IReadOnlySet<IPAddress> Arrived
    {
        get { lock (_lock) return _arrivedAt.Keys.ToHashSet(); }
    }

    /// <summary>
    /// The prepared addresses that IMDS shows and the kernel has not: all that is left to do for them, as a node of its own; null when there is none.
    /// </summary>
    public DesiredNode? NextArrivals()
    {
        lock (_lock)
        {
            if (_metadata is not { } metadata)
                return null;
            var come = PlacedHere().Where(placement => IsPrepared(placement) && !_arrivedAt.ContainsKey(placement.Address)).ToList();
            var desired = DesiredNodeBuilder.Build(come, metadata, _peers);
            desired = desired with { Addresses = [.. desired.Addresses.Where(address => address.LinkName is not null)] };
            return desired.Addresses.Count > 0 ? desired : null;
        }
    }

    /// <summary>Notes what the kernel has put on its ENI out of turn.</summary>
    public NodeChanges ArrivalsDone(DesiredNode arrived, DateTimeOffset now)
    {
        lock (_lock) return Note(arrived.Addresses, now);
    }

    /// <summary>A round has reached the kernel: notes what arrived and left with it.</summary>
    /// <param name="round">The round.</param>
    /// <param name="now">The time.</param>
    /// <param name="refused">Addresses that the kernel did not take, or not whole: they neither stand ready nor serve until a round takes them.</param>
    public NodeChanges RoundDone(NodeRound round, DateTimeOffset now, IReadOnlyCollection<IPAddress>? refused = null)
    {
        lock (_lock)
        {
            var taken = round.Desired.Addresses.Where(address => refused?.Contains(address.Address) != true).ToList();
            foreach (var address in refused ?? [])
            {
                foreach (var of in (Dictionary<IPAddress, long>[])[_prepared, _preparedSaid, _announced])
                    of.Remove(address);
                _arrivedAt.Remove(address);
            }
            var ready = taken.Select(address => address.Address).ToHashSet();
            foreach (var held in round.Held.Where(held => ready.Contains(held.Placement.Address)))
                _prepared[held.Placement.Address] = held.Placement.Generation;
            // What arrived out of turn while the round was under way, it did not know of.
            var metadata = _metadata!;
            var reached = taken.Where(address => address.LinkName is not null).Select(address => address.Address).ToHashSet();
            var left = _arrivedAt.Keys.Where(address => !reached.Contains(address))
                .Where(address => _placements.Find(address)?.Here is not { } here || DesiredNodeBuilder.LinkOf(here, metadata) is null);
            foreach (var address in left.ToList())
            {
                _arrivedAt.Remove(address);
                _announced.Remove(address);
            }
            return Note(taken, now);
        }
    }

    private NodeChanges Note(IReadOnlyList<DesiredAddress> addresses, DateTimeOffset now)
    {
        var arrived = addresses.Where(address => address.LinkName is not null && _arrivedAt.TryAdd(address.Address, now)).ToList();
        var serving = Fresh(ServingNow(), _announced);
        var prepared = Fresh(PlacedHere().Where(placement => IsPrepared(placement) && !_arrivedAt.ContainsKey(placement.Address)), _preparedSaid);
        return new NodeChanges(arrived, serving, prepared);
    }

    private static List<Placement> Fresh(IEnumerable<Placement> placements, Dictionary<IPAddress, long> said)
    {
        var fresh = placements.Where(placement => said.GetValueOrDefault(placement.Address) != placement.Generation).ToList();
        foreach (var placement in fresh)
            said[placement.Address] = placement.Generation;
        return fresh;
    }

    private IEnumerable<Placement> PlacedHere() => _placements.Held.Where(placement => _placements.Find(placement.Address)!.IsPlacedHere);

    private bool IsPrepared(Placement placement) => placement.Identity is not null && _prepared.GetValueOrDefault(placement.Address) == placement.Generation;

    private AwaitedAddress? Awaiting(Placement placement)
    {
        var leaves = _placements.Find(placement.Address)!.IsLeaving;
        var holder = _metadata!.HolderOf(placement.PrivateAddress);
        if (leaves ? holder is null : DesiredNodeBuilder.IsReachable(placement, _metadata))
            return null;
        return new AwaitedAddress(placement.Address, placement.PrivateAddress, placement.Generation,
            leaves ? holder!.NetworkInterfaceId : placement.Message.NetworkInterfaceId, leaves);
    }

    private List<Placement> ServingNow() => _metadata is not { } metadata ? [] :
        [.. _placements.Held.Where(placement => _arrivedAt.ContainsKey(placement.Address)
            && _placements.Find(placement.Address)!.IsPlacedHere
            && placement.Identity is not null
            && DesiredNodeBuilder.IsReachable(placement, metadata))];
}
