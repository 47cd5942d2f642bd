namespace Vprox.Bench;

/// <summary>Statistics of a figure that was measured many times.</summary>
public static class Percentile
{
    /// <summary>The smallest value that at least this share of all does not exceed (nearest rank).</summary>
    public static double Of(IReadOnlyCollection<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
