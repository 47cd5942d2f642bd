using Vprox.Lab.Cloud.State;

namespace Vprox.Lab.Cloud.Ec2;

/// <summary>Runs a command for the wire.</summary>
public static class CommandExecution
{
    /// <summary>The command's answer; a refusal leaves as the request's error.</summary>
    public static T Do<T>(this Ec2Request request, CloudRegion region, IEc2Command<T> command)
    {
        var change = region.Execute(command, request.Arrived);
        return change.Error is { } error ? throw new Ec2Exception(error) : change.Answer!;
    }
}
