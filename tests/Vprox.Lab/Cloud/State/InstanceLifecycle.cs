namespace Vprox.Lab.Cloud.State;

/// <summary>What happens to an instance's ENIs and addresses when its state changes (EC2 user guide, instance lifecycle).</summary>
public static class InstanceLifecycle
{
    /// <summary>
    /// Puts an instance into a state now. Stopped instances keep their ENIs, private addresses and Elastic IPs; a terminated one's ENIs are
    /// deleted (DeleteOnTermination), which frees the private addresses and leaves the Elastic IPs without association.
    /// </summary>
    public static Ec2State Enter(Ec2State state, Instance instance, InstanceState next, DateTimeOffset now)
    {
        Transition? onward = next switch
        {
            InstanceState.Pending => new(InstanceState.Running, now + state.TransitionTime),
            InstanceState.Stopping => new(InstanceState.Stopped, now + state.TransitionTime),
            InstanceState.ShuttingDown => new(InstanceState.Terminated, now + state.TransitionTime),
            _ => null,
        };
        state = state.With(instance with { State = next, Next = onward });
        return next == InstanceState.Terminated ? WithoutNetworkInterfaces(state, instance.Id) : state;
    }

    /// <summary>Does every transition that is due.</summary>
    public static Ec2State Advance(Ec2State state, DateTimeOffset now)
    {
        foreach (var instance in state.Instances.Values)
            if (instance.Next is { } next && next.At <= now)
                state = Enter(state, instance, next.To, now);
        return state;
    }

    /// <summary>When the next transition is due, or null.</summary>
    public static DateTimeOffset? NextDue(Ec2State state) => state.Instances.Values.Min(instance => instance.Next?.At);

    private static Ec2State WithoutNetworkInterfaces(Ec2State state, string instanceId)
    {
        foreach (var eni in state.NetworkInterfacesOf(instanceId).ToList())
        {
            foreach (var address in eni.Addresses)
                state = state.WithoutElasticIpOn(address);
            state = state with { NetworkInterfaces = state.NetworkInterfaces.Remove(eni.Id) };
        }
        return state;
    }
}
