namespace Vprox.Bench;

/// <summary>One question about speed or size, answered by running the real thing.</summary>
public interface IBenchmark
{
    /// <summary>What a person types, e.g. reconcile.</summary>
    string Name { get; }

    /// <summary>How it measures, in a sentence or two: what runs where, how often, which statistic.</summary>
    string Method { get; }

    /// <summary>Measures; each figure goes to the report as soon as it is known.</summary>
    /// <exception cref="BenchmarkException">It cannot run here, or what it measures went wrong; the message says what.</exception>
    Task RunAsync(BenchmarkReport report, CancellationToken cancel);
}
