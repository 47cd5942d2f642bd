namespace Vprox.Lab.Cloud.State;

/// <summary>The documented bucket of each API (EC2 API reference, request token bucket sizes and refill rates).</summary>
public static class ApiLimits
{
    /// <summary>The name under which calls share a bucket, and a full bucket of that kind.</summary>
    /// <param name="action">The API's name.</param>
    /// <param name="unfiltered">True when a Describe call names neither ids nor filters.</param>
    public static (string Name, TokenBucket Bucket) For(string action, bool unfiltered) => action switch
    {
        "AssignPrivateIpAddresses" or "UnassignPrivateIpAddresses" => (action, new(100, 5)),
        "AssociateAddress" or "DisassociateAddress" => (action, new(50, 5)),
        "RunInstances" => (action, new(5, 2)),
        "StartInstances" => (action, new(5, 2)),
        "DescribeInstances" or "DescribeNetworkInterfaces" when unfiltered => ($"{action} (unfiltered)", new(50, 10)),
        _ when action.StartsWith("Describe", StringComparison.Ordinal) => (action, new(100, 20)),
        _ => (action, new(50, 5)),
    };
}
