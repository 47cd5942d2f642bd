using Vprox.Lab.Cloud.State;

namespace Vprox.Lab.Cloud.Admin;

/// <summary>Where an Elastic IP is; null for what it has not.</summary>
public sealed record ElasticIpView(string Address, string AllocationId, string? PrivateAddress, string? NetworkInterfaceId, string? InstanceId)
{
    public static IReadOnlyList<ElasticIpView> Of(Ec2State state) =>
    [
        .. state.ElasticIps.Values.Select(ip => new ElasticIpView(
            ip.PublicAddress.ToString(),
            ip.AllocationId,
            ip.Association?.PrivateAddress.ToString(),
            ip.Association?.NetworkInterfaceId,
            ip.Association is { } association ? state.NetworkInterfaces.GetValueOrDefault(association.NetworkInterfaceId)?.InstanceId : null)),
    ];
}
