namespace Vprox.Scenarios.Results;

/// <summary>Median, 99th percentile and maximum of a figure over all runs that have it.</summary>
public sealed record Distribution(int Count, double Median, double P99, double Max)
{
    /// <summary>Null when no run has the figure.</summary>
    public static Distribution? Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? null : new Distribution(sorted.Length, Rank(sorted, 0.5), Rank(sorted, 0.99), sorted[^1]);
    }

    // Nearest rank: a figure that was measured, never one between two. With fewer than 100 runs the 99th percentile is the maximum.
    private static double Rank(double[] sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
}
