using Vprox.Lab.Cloud;
using Vprox.Lab.Cloud.Moves;

namespace Vprox.Scenarios.Drills;

/// <summary>What EC2 was asked since the fault to move static addresses, and what it moved.</summary>
internal sealed record Ec2Record(FaultMoment Fault, IReadOnlyList<ApiCall> Calls, IReadOnlyList<AddressMove> Moves)
{
    /// <summary>Reads both since the fault; moves in the order in which their calls arrived.</summary>
    public static async Task<Ec2Record> ReadAsync(Drill drill, CancellationToken cancel)
    {
        var fault = drill.Fault;
        var calls = (await drill.Lab.Cloud.CallsAsync(cancel))
            .Where(call => call.Action is "AssignPrivateIpAddresses" or "AssociateAddress" && fault.Ms(call.Arrived) > 0);
        var moves = (await drill.Lab.Cloud.MovesAsync(cancel))
            .Where(move => move is { PublicAddress: not null, To: not null, Effective: not null } && fault.Ms(move.Called) > 0);
        return new Ec2Record(fault, [.. calls], [.. moves.OrderBy(move => move.Called.MonotonicMs)]);
    }

    /// <summary>Different addresses that moved.</summary>
    public int Addresses => Moves.Select(move => move.PublicAddress).Distinct().Count();

    /// <summary>From the arrival of the first call to the moment at which the last move took effect.</summary>
    public double FirstCallToAllMovedMs => Moves.Count == 0 ? 0 : Moves.Max(move => Fault.Ms(move.Effective!.Value)) - Calls.Min(call => Fault.Ms(call.Arrived));
}
