namespace Vprox.Bench;

/// <summary>A measured figure.</summary>
/// <param name="Figure">Its name in snake case, the same from run to run, e.g. reconcile_full_240x10k.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Unit">Of both values, e.g. ms.</param>
/// <param name="Peer">What the program or method it is compared with reached in the same run; null when there is none.</param>
/// <param name="Method">What a figure of this name was measured with or on in this run, where that is not always the same; null where it is.</param>
public sealed record BenchmarkFigure(string Figure, double Value, string Unit, double? Peer, string? Method)
{
    /// <summary><see cref="Value"/> over <see cref="Peer"/>; null without a peer.</summary>
    public double? Ratio => Peer is { } peer && peer != 0 ? Value / peer : null;
}
