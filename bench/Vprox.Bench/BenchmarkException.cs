namespace Vprox.Bench;

/// <summary>A benchmark could not measure what it is for.</summary>
public sealed class BenchmarkException(string message) : Exception(message);
