using Vprox.Bench.Shaping;

namespace Vprox.Bench;

/// <summary>Every benchmark, in the order in which they run when none is named.</summary>
public static class AllBenchmarks
{
    /// <summary>The benchmarks.</summary>
    public static IReadOnlyList<IBenchmark> All { get; } =
    [
        new Ports.PortsBenchmark(),
        new ShapingBenchmark(),
        new Reconciling.ReconcileBenchmark(),
        new Connects.ConnectBenchmark(),
        new Routed.RoutedBenchmark(),
        new Throughput.ThroughputBenchmark(),
    ];
}
