namespace Vprox.Lab.Topology.Gateway;

/// <summary>Names of the gateway's links.</summary>
public static class GatewayLink
{
    /// <summary>Towards the internet.</summary>
    public const string Internet = "internet";

    /// <summary>Towards the control host, which is in the VPC but no EC2 instance.</summary>
    public const string Control = "control";

    /// <summary>What all links to ENIs begin with.</summary>
    public const string NetworkInterfacePrefix = "v-";

    /// <summary>
    /// The link to an ENI: its id's first digit, which tells an ENI made by RunInstances from one of the plan, and the last ones. An
    /// interface name has at most 15 bytes.
    /// </summary>
    public static string Of(string networkInterfaceId) => $"{NetworkInterfacePrefix}{networkInterfaceId["eni-".Length]}{networkInterfaceId[^12..]}";
}
