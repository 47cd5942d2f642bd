namespace Vprox.Lab.Cloud.State;

/// <summary>A refusal in EC2's own words: error code, message, and the HTTP status it travels with.</summary>
public sealed record Ec2Error(string Code, string Message, int Status = 400)
{
    public static Ec2Error InvalidParameterValue(string message) => new("InvalidParameterValue", message);

    public static Ec2Error MissingParameter(string name) =>
        new("MissingParameter", $"The request must contain the parameter {name}");

    public static Ec2Error NetworkInterfaceNotFound(string id) =>
        new("InvalidNetworkInterfaceID.NotFound", $"The networkInterface ID '{id}' does not exist");

    public static Ec2Error InstanceNotFound(string id) =>
        new("InvalidInstanceID.NotFound", $"The instance ID '{id}' does not exist");

    public static Ec2Error AllocationNotFound(string id) =>
        new("InvalidAllocationID.NotFound", $"The allocation ID '{id}' does not exist");

    public static Ec2Error AssociationNotFound(string id) =>
        new("InvalidAssociationID.NotFound", $"The association ID '{id}' does not exist");

    public static Ec2Error RequestLimitExceeded { get; } = new("RequestLimitExceeded", "Request limit exceeded.", 503);
}
