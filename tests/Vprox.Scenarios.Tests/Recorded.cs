using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Vprox.Lab.Cloud;
using Vprox.Lab.Cloud.Moves;
using Vprox.Scenarios.Drills;
using Vprox.Scenarios.Flows;

namespace Vprox.Scenarios.Tests;

/// <summary>What a run records, made by hand: all times are milliseconds from a fault that struck ten seconds after the client started.</summary>
internal static class Recorded
{
    private const double FaultAfterStartMs = 10_000;
    private static readonly DateTimeOffset FaultAt = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static FaultMoment Fault { get; } = new(FaultAt, Ticks(60_000));

    public static BusMessage Message(string exchange, double ms, object? fields = null)
    {
        var json = JsonSerializer.SerializeToNode(fields ?? new { })!.AsObject();
        json["at"] = Wall(ms);
        return new BusMessage(exchange, JsonSerializer.SerializeToElement(json), Fault.Timestamp + Ticks(ms), [], null);
    }

    public static BusMessage Placed(string address, int generation, double ms) =>
        Message("vprox.static-ip-placed", ms, new { address, generation });

    public static AddressMove Move(string address, double calledMs, double? effectiveMs) => new(
        "10.0.1.1", address, null, new AddressPlace("i-2", "eni-2", "10.0.1.1"), "AssignPrivateIpAddresses",
        Moment(calledMs), Moment(calledMs + 20), effectiveMs is { } ms ? Moment(ms) : null);

    public static DateTimeOffset Wall(double ms) => FaultAt.AddMilliseconds(ms);

    public static FlowReport Report(double endMs, params IReadOnlyList<FlowRecord> flows) =>
        new(Fault.Timestamp + Ticks(endMs), Fault.Timestamp - Ticks(FaultAfterStartMs), flows);

    public static FlowRecord Flow(string address, FlowKind kind, params IReadOnlyList<double> arrivalsMs) => new()
    {
        Id = 1,
        Kind = kind,
        Address = address,
        GoesOn = true,
        Arrived = arrivalsMs.Count,
        Arrivals = MemoryMarshal.AsBytes(arrivalsMs.Select(ms => (uint)((ms + FaultAfterStartMs) * 100)).ToArray().AsSpan()).ToArray(),
    };

    private static Moment Moment(double ms) => new(Wall(ms), (Fault.Timestamp * 1000.0 / Stopwatch.Frequency) + ms);

    private static long Ticks(double ms) => (long)(ms * Stopwatch.Frequency / 1000);
}
