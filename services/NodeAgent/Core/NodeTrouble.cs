namespace Vprox.NodeAgent.Core;

/// <summary>
/// What is wrong with the node's data plane and stays wrong. One refused round is none: the next one, a second later, may heal it; nor are two rounds
/// that found our ruleset changed, for whoever starts a firewall anew flushes it when it stops and when it begins. Pure; every member may be called from
/// any thread.
/// </summary>
public sealed class NodeTrouble
{
    /// <summary>A step of the kernel's that takes longer hangs. What a starved machine takes for the start of four wireguard-go is no hang yet.</summary>
    public static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(10);

    private const int RoundsTried = 2;
    private const int RoundsRepaired = 3;

    private readonly Lock _lock = new();
    private (DateTimeOffset Since, int Refused, int Repaired, string Reason)? _wrong;

    /// <summary>A round was refused.</summary>
    public void Refused(string reason, DateTimeOffset now)
    {
        lock (_lock)
            _wrong = (_wrong?.Since ?? now, (_wrong?.Refused ?? 0) + 1, _wrong?.Repaired ?? 0, $"The kernel was not brought to what it shall hold: {reason}");
    }

    /// <summary>A round went through, and had to put right the ruleset that somebody else had changed: whether it lasts is not known.</summary>
    public void Repaired(string repairs, DateTimeOffset now)
    {
        lock (_lock)
            _wrong = (_wrong?.Since ?? now, _wrong?.Refused ?? 0, (_wrong?.Repaired ?? 0) + 1, $"Somebody undoes our ruleset again and again: {repairs}");
    }

    /// <summary>A round went through and found what the last one had left: the kernel holds what it shall.</summary>
    public void Healed()
    {
        lock (_lock)
            _wrong = null;
    }

    /// <summary>The trouble now, and for how long it has lasted; null when there is none.</summary>
    /// <param name="stuckFor">For how long the kernel has not finished a step.</param>
    /// <param name="now">The time.</param>
    public (string Sentence, TimeSpan For)? At(TimeSpan stuckFor, DateTimeOffset now)
    {
        if (stuckFor > LongestStep)
            return ($"The kernel has not finished a step for {stuckFor.TotalSeconds:0} s", stuckFor);
        lock (_lock)
            return _wrong is { } wrong && (wrong.Refused >= RoundsTried || wrong.Repaired >= RoundsRepaired) ? (wrong.Reason, now - wrong.Since) : null;
    }
}
