namespace Vprox.Lab.Cloud.Faults;

/// <summary>The faults that calls will meet, in the order they were injected.</summary>
public sealed class FaultSet
{
    private readonly Lock _lock = new();
    private readonly List<InjectedFault> _faults = [];

    public void Add(InjectedFault fault)
    {
        lock (_lock)
            _faults.Add(fault);
    }

    public void Clear()
    {
        lock (_lock)
            _faults.Clear();
    }

    /// <summary>The fault that a call meets, used up by it; null for none.</summary>
    public InjectedFault? Take(string action)
    {
        lock (_lock)
        {
            var met = _faults.FindIndex(fault =>
                (fault.Action == "*" || fault.Action == action) && (fault.Rate >= 1 || Random.Shared.NextDouble() < fault.Rate));
            if (met < 0)
                return null;
            var taken = _faults[met];
            if (taken.Count > 1)
                _faults[met] = taken with { Count = taken.Count - 1 };
            else
                _faults.RemoveAt(met);
            return taken;
        }
    }
}
