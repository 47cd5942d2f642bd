using Vprox.Lab.Topology;

namespace Vprox.Scenarios.Drills;

/// <summary>How often Failover declared a node unhealthy, by its own log: also what it could tell nobody while the bus was away.</summary>
internal sealed class VerdictLog(VproxLab lab)
{
    private readonly int _before = Count(lab);

    /// <summary>Verdicts since this object was made.</summary>
    public int Since => Count(lab) - _before;

    private static int Count(VproxLab lab)
    {
        using var reader = new StreamReader(new FileStream(lab.Failover.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n').Count(line => line.Contains("was declared unhealthy", StringComparison.Ordinal));
    }
}
