using Microsoft.EntityFrameworkCore;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Core;

namespace Vprox.Allocator.Transactions;

/// <summary>Writes moves down and puts their messages into the outbox, in the order given.</summary>
public sealed class MoveAddresses(PlacementMessages messages)
{
    public async Task<IReadOnlyList<Move>> ApplyAsync(AllocatorDbContext database, IReadOnlyCollection<FleetPlacement> placed, Stages stages)
    {
        var names = placed.Select(placement => placement.Address.ToString()).ToList();
        var rows = await database.StaticAddresses.Include(row => row.Placement).Where(row => names.Contains(row.Address)).ToDictionaryAsync(row => row.Address);
        var generation = await database.NewestGenerationAsync() + 1;
        var moves = placed.Select(placement => Apply(rows[placement.Address.ToString()], placement, generation)).ToList();
        stages.Passed("written");
        await messages.PublishAsync(database, names, stages);
        return moves;
    }

    private static Move Apply(StaticAddress address, FleetPlacement placed, long generation)
    {
        var placement = address.Placement!;
        // An address that was on its way when its target died is still where it came from.
        var from = placement.Serving ? placement.NodeId : placement.PreviousNodeId ?? placement.NodeId;
        (address.Generation, placement.Generation) = (generation, generation);
        placement.PreviousNodeId = from == placed.NodeId ? null : from;
        placement.NodeId = placed.NodeId;
        placement.NetworkInterfaceId = placed.NetworkInterfaceId;
        placement.SubnetId = placed.SubnetId;
        placement.PrivateAddress = placed.PrivateAddress.ToString();
        placement.Serving = false;
        return new Move(address.Address, from, placed.NodeId, generation);
    }
}

/// <summary>An address that was placed anew.</summary>
public sealed record Move(string Address, string FromNodeId, string ToNodeId, long Generation);
