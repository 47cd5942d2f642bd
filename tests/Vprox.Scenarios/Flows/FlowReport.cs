using System.Runtime.InteropServices;

namespace Vprox.Scenarios.Flows;

/// <summary>What the flow client saw until now.</summary>
/// <param name="Clock">When it was asked, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>: the same clock in all processes (CLOCK_MONOTONIC).</param>
/// <param name="Started">What <see cref="FlowRecord.Arrivals"/> count from, by the same clock.</param>
/// <param name="Flows">All flows of the plan.</param>
public sealed record FlowReport(long Clock, long Started, IReadOnlyList<FlowRecord> Flows);

/// <summary>What happened on one flow.</summary>
public sealed record FlowRecord
{
    public required int Id { get; init; }

    public required FlowKind Kind { get; init; }

    public required string Address { get; init; }

    /// <summary>Why the flow is no longer what it was when it was opened; null while it is.</summary>
    public string? Broken { get; init; }

    /// <summary>True when data came within the last second and, where the client writes, what it wrote a second ago had been heard.</summary>
    public required bool GoesOn { get; init; }

    /// <summary>How often data arrived at the client.</summary>
    public required int Arrived { get; init; }

    /// <summary>When, each as 32 bits in units of <see cref="Unit"/> since the client started; null when it was not asked for.</summary>
    public byte[]? Arrivals { get; init; }

    /// <summary>What arrivals are counted in.</summary>
    public static TimeSpan Unit { get; } = TimeSpan.FromMicroseconds(10);

    /// <summary>The arrivals as times since the client started.</summary>
    public IEnumerable<TimeSpan> Times()
    {
        var units = MemoryMarshal.Cast<byte, uint>(Arrivals ?? []).ToArray();
        return units.Select(unit => unit * Unit);
    }
}
