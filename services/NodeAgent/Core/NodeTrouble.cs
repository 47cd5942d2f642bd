namespace Vprox.NodeAgent.Core;

/// <summary>
/// What is wrong with the node's data plane and stays wrong. One refused round is none: the next one, a second later, may heal it. Pure; every
/// member may be called from any thread.
/// </summary>
public sealed class NodeTrouble
{
    /// <summary>A step of the kernel's that takes longer hangs.</summary>
    public static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private (DateTimeOffset Since, int Rounds, string Reason)? _refused;

    /// <summary>A round was refused.</summary>
    public void Refused(string reason, DateTimeOffset now)
    {
        lock (_lock)
            _refused = (_refused?.Since ?? now, (_refused?.Rounds ?? 0) + 1, reason);
    }

    /// <summary>A round went through: the kernel holds what it shall.</summary>
    public void Healed()
    {
        lock (_lock)
            _refused = null;
    }

    /// <summary>The trouble now, and for how long it has lasted; null when there is none.</summary>
    /// <param name="stuckFor">For how long the kernel has not finished a step.</param>
    /// <param name="now">The time.</param>
    public (string Sentence, TimeSpan For)? At(TimeSpan stuckFor, DateTimeOffset now)
    {
        if (stuckFor > LongestStep)
            return ($"The kernel has not finished a step for {stuckFor.TotalSeconds:0} s", stuckFor);
        lock (_lock)
            return _refused is { Rounds: > 1 } refused ? ($"The kernel was not brought to what it shall hold: {refused.Reason}", now - refused.Since) : null;
    }
}
