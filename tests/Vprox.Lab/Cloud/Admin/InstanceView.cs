using Vprox.Lab.Cloud.State;

namespace Vprox.Lab.Cloud.Admin;

/// <summary>An instance, its state in EC2's word, and its ENIs by device index.</summary>
public sealed record InstanceView(string InstanceId, string State, IReadOnlyList<NetworkInterfaceView> NetworkInterfaces)
{
    public static IReadOnlyList<InstanceView> Of(Ec2State state) =>
    [
        .. state.Instances.Values.Select(instance => new InstanceView(
            instance.Id,
            instance.State.Name(),
            [.. state.NetworkInterfacesOf(instance.Id).Select(eni => new NetworkInterfaceView(
                eni.Id, eni.SubnetId, state.Subnets[eni.SubnetId].Prefix.ToString(), eni.MacAddress, eni.PrimaryAddress.ToString()))])),
    ];

    /// <summary>Differs when an instance is new or in another state.</summary>
    public static string Fingerprint(Ec2State state) => string.Join(',', state.Instances.Values.Select(instance => $"{instance.Id}:{instance.State.Name()}"));
}

/// <summary>One of its ENIs.</summary>
public sealed record NetworkInterfaceView(string Id, string SubnetId, string Subnet, string MacAddress, string PrimaryAddress);

/// <summary>All instances at a moment; the fingerprint asks for the next change.</summary>
public sealed record InstanceList(string Fingerprint, IReadOnlyList<InstanceView> Instances);
