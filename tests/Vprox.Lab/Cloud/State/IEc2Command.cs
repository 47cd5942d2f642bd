namespace Vprox.Lab.Cloud.State;

/// <summary>A request that changes EC2's state. Pure: the same state, command and time give the same outcome.</summary>
public interface IEc2Command<T>
{
    Change<T> ApplyTo(Ec2State state, DateTimeOffset now);
}
