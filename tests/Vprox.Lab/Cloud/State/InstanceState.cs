namespace Vprox.Lab.Cloud.State;

/// <summary>EC2's instance states; the numbers are the API's codes (InstanceState in the EC2 API reference).</summary>
public enum InstanceState
{
    Pending = 0,
    Running = 16,
    ShuttingDown = 32,
    Terminated = 48,
    Stopping = 64,
    Stopped = 80,
}

/// <summary>How EC2 and EventBridge write the states.</summary>
public static class InstanceStateNames
{
    private static readonly Dictionary<InstanceState, string> Names = new()
    {
        [InstanceState.Pending] = "pending",
        [InstanceState.Running] = "running",
        [InstanceState.ShuttingDown] = "shutting-down",
        [InstanceState.Terminated] = "terminated",
        [InstanceState.Stopping] = "stopping",
        [InstanceState.Stopped] = "stopped",
    };

    public static string Name(this InstanceState state) => Names[state];

    /// <summary>Null for a word that is no state.</summary>
    public static InstanceState? Parse(string name)
    {
        foreach (var (state, text) in Names)
            if (text == name)
                return state;
        return null;
    }
}
