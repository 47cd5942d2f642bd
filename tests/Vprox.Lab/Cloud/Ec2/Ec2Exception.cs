using Vprox.Lab.Cloud.State;

namespace Vprox.Lab.Cloud.Ec2;

/// <summary>Carries an error out of a request that cannot be read; commands return theirs.</summary>
public sealed class Ec2Exception(Ec2Error error) : Exception(error.Message)
{
    public Ec2Error Error { get; } = error;
}
