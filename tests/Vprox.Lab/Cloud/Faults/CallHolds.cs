using System.Globalization;

namespace Vprox.Lab.Cloud.Faults;

/// <summary>Holds chosen calls at a point until they are released, so that a test can act exactly there.</summary>
public sealed class CallHolds
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Hold> _holds = new(StringComparer.Ordinal);

    /// <summary>Arms a hold; calls are counted from now on.</summary>
    /// <returns>Its id.</returns>
    public string Place(HoldRequest request)
    {
        lock (_lock)
        {
            var id = (_holds.Count + 1).ToString(CultureInfo.InvariantCulture);
            _holds[id] = new Hold(request);
            return id;
        }
    }

    /// <summary>Completes when its call stands at the point; null when there is no such hold.</summary>
    public Task? Reached(string id)
    {
        lock (_lock)
            return _holds.GetValueOrDefault(id)?.Reached.Task;
    }

    /// <summary>Lets the call go on, or pass without a stop when it has not come yet.</summary>
    public void Release(string id)
    {
        lock (_lock)
            _holds.GetValueOrDefault(id)?.Released.TrySetResult();
    }

    /// <summary>Counts a call that arrived and returns how it waits at a point, which most calls do not.</summary>
    public Func<HoldPoint, Task> Arrive(string action)
    {
        lock (_lock)
        {
            var met = _holds.Values.Where(hold => hold.Counts(action)).ToList();
            return point => Task.WhenAll(met.Where(hold => hold.Request.Point == point).Select(hold =>
            {
                hold.Reached.TrySetResult();
                return hold.Released.Task;
            }));
        }
    }

    private sealed class Hold(HoldRequest request)
    {
        private int _seen;

        public HoldRequest Request { get; } = request;

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Counts a call; true for the one that is meant.</summary>
        public bool Counts(string action) => (Request.Action == "*" || Request.Action == action) && ++_seen == Request.Nth;
    }
}
