using Vprox.Lab.Cloud;
using Vprox.Scenarios.Drills;
using Vprox.Scenarios.Flows;

namespace Vprox.Scenarios.Results;

/// <summary>Puts a timeline together from what was heard on the bus, recorded by the cloud, read from the interfaces and seen by the flows.</summary>
internal sealed class TimelineReading(FaultMoment fault)
{
    /// <summary>The bus's messages since the fault.</summary>
    public required IReadOnlyList<BusMessage> Messages { get; init; }

    /// <summary>EC2's calls, and what its moves take to take effect.</summary>
    public required IReadOnlyList<ApiCall> Calls { get; init; }

    public required TimeSpan EffectDelay { get; init; }

    /// <summary>First handshakes on the new nodes, by address.</summary>
    public required IReadOnlyDictionary<string, DateTimeOffset> Handshakes { get; init; }

    /// <summary>Null when there were no flows.</summary>
    public required FlowReport? Flows { get; init; }

    public Timeline Read()
    {
        // The newest placement of each address is the one that was carried out last.
        var placements = Of("vprox.static-ip-placed").GroupBy(placed => placed.Text("address")!)
            .Select(each => each.MaxBy(placed => placed.Number("generation"))!).ToList();
        var moves = placements.ToDictionary(placed => placed.Text("address")!, MovedAt);
        var moved = moves.Where(move => move.Value is not null).ToDictionary(move => move.Key, move => move.Value!.Value);
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

    /// <summary>When the last call that names the address, or its private one, took effect.</summary>
    private double? MovedAt(BusMessage placed)
    {
        var names = new[] { placed.Text("privateAddress")!, placed.Text("allocationId")! };
        var call = Calls.LastOrDefault(call => call.At >= fault.At && call.Outcome == "ok"
            && call.Action is "AssignPrivateIpAddresses" or "AssociateAddress" && call.Parameters.Values.Any(names.Contains));
        return call is null ? null : fault.Ms(call.At + EffectDelay);
    }

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
