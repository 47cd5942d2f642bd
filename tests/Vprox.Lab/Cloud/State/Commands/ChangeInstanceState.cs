namespace Vprox.Lab.Cloud.State.Commands;

/// <summary>Start, stop or terminate instances, all or none. Answers each with the state it was in and the one it is in now.</summary>
public sealed record ChangeInstanceState : IEc2Command<IReadOnlyList<ChangedInstance>>
{
    public required IReadOnlyList<string> InstanceIds { get; init; }

    public required InstanceOperation Operation { get; init; }

    public Change<IReadOnlyList<ChangedInstance>> ApplyTo(Ec2State state, DateTimeOffset now)
    {
        if (InstanceIds.Count == 0)
            return Ec2Error.MissingParameter("InstanceId");
        var changed = new List<ChangedInstance>();
        foreach (var id in InstanceIds)
        {
            if (!state.Instances.TryGetValue(id, out var instance))
                return Ec2Error.InstanceNotFound(id);
            if (Next(instance.State) is not { } next)
            {
                var done = Operation == InstanceOperation.Start ? "started" : "stopped";
                return new Ec2Error("IncorrectInstanceState", $"The instance '{id}' is not in a state from which it can be {done}.");
            }
            changed.Add(new(id, instance.State, next));
            if (next != instance.State)
                state = InstanceLifecycle.Enter(state, instance, next, now);
        }
        return Change.Done<IReadOnlyList<ChangedInstance>>(state, changed);
    }

    /// <summary>The state the instance enters; the same one when it is already on its way; null when EC2 refuses.</summary>
    private InstanceState? Next(InstanceState current) => (Operation, current) switch
    {
        (InstanceOperation.Terminate, InstanceState.ShuttingDown or InstanceState.Terminated) => current,
        (InstanceOperation.Terminate, _) => InstanceState.ShuttingDown,
        (_, InstanceState.ShuttingDown or InstanceState.Terminated) => null,
        (InstanceOperation.Stop, InstanceState.Stopping or InstanceState.Stopped) => current,
        (InstanceOperation.Stop, InstanceState.Running) => InstanceState.Stopping,
        (InstanceOperation.Start, InstanceState.Pending or InstanceState.Running) => current,
        (InstanceOperation.Start, InstanceState.Stopped) => InstanceState.Pending,
        _ => null,
    };
}

/// <summary>What a <see cref="ChangeInstanceState"/> does.</summary>
public enum InstanceOperation
{
    Start,
    Stop,
    Terminate,
}

/// <summary>One line of its answer.</summary>
public sealed record ChangedInstance(string InstanceId, InstanceState Previous, InstanceState Current);
