using System.Globalization;

namespace Vprox.Allocator.Transactions;

/// <summary>How long each stage of a decision took, for its log line.</summary>
public sealed class Stages(TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();
    private readonly List<string> _passed = [];
    private long _last = time.GetTimestamp();

    public double TotalMs => time.GetElapsedTime(_began).TotalMilliseconds;

    /// <summary>Ends a stage. Of a decision that is tried again the stages stand there again.</summary>
    public void Passed(string stage)
    {
        var now = time.GetTimestamp();
        _passed.Add(string.Create(CultureInfo.InvariantCulture, $"{stage} {time.GetElapsedTime(_last, now).TotalMilliseconds:F1}"));
        _last = now;
    }

    public override string ToString() => string.Join(", ", _passed);
}
