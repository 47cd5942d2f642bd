using Vprox.Lab.Cloud.Moves;
using Vprox.Scenarios.Drills;
using Vprox.Scenarios.Flows;

namespace Vprox.Scenarios.Results;

/// <summary>Puts a timeline together from what was heard on the bus, recorded by the cloud, read from the interfaces and seen by the flows.</summary>
internal sealed class TimelineReading(FaultMoment fault)
{
    /// <summary>The bus's messages since the fault.</summary>
    public required IReadOnlyList<BusMessage> Messages { get; init; }

    /// <summary>The cloud's record of what moved.</summary>
    public required IReadOnlyList<AddressMove> Moves { get; init; }

    /// <summary>First handshakes on the new nodes, by address.</summary>
    public required IReadOnlyDictionary<string, DateTimeOffset> Handshakes { get; init; }

    /// <summary>Null when there were no flows.</summary>
    public required FlowReport? Flows { get; init; }

    public Timeline Read()
    {
        // The newest placement of each address is the one that was carried out last, and its last move too.
        var placements = Of("vprox.static-ip-placed").GroupBy(placed => placed.Text("address")!)
            .Select(each => each.MaxBy(placed => placed.Number("generation"))!);
        var moved = Moves.Where(move => move is { PublicAddress: not null, To: not null, Effective: not null } && fault.Ms(move.Called) > 0)
            .GroupBy(move => move.PublicAddress!).ToDictionary(each => each.Key, each => each.Max(move => fault.Ms(move.Effective!.Value)));
        return new Timeline
        {
            Suspected = First(Of("vprox.node-suspected")),
            Confirmed = First([.. Of("vprox.node-unhealthy"), .. Of("vprox.node-draining")]),
            Placed = Last(placements.Select(placed => (double?)fault.Ms(placed.Arrived))),
            Moved = Last(moved.Values.Select(at => (double?)at)),
            Handshake = Last(moved.Keys.Where(Handshakes.ContainsKey).Select(address => (double?)fault.Ms(Handshakes[address]))),
            FirstByte = Flows is { } flows ? Last(moved.Select(move => FirstByteAfter(flows, move.Key, move.Value))) : null,
        };
    }

    private IReadOnlyList<BusMessage> Of(string exchange) => [.. Messages.Where(message => message.Exchange == exchange)];

    private double? FirstByteAfter(FlowReport flows, string address, double moved)
    {
        var clock = new ClientClock(flows, fault);
        return Earliest(flows.Flows.Where(flow => flow.Address == address)
            .SelectMany(flow => flow.Times().Select(clock.Ms).Where(ms => ms > moved).Take(1)));
    }

    private double? First(IReadOnlyList<BusMessage> messages) => Earliest(messages.Select(message => fault.Ms(message.At)));

    private static double? Earliest(IEnumerable<double> times)
    {
        var all = times.ToList();
        return all.Count == 0 ? null : all.Min();
    }

    private static double? Last(IEnumerable<double?> times)
    {
        var all = times.ToList();
        return all.Count == 0 ? null : all.Max();
    }
}
