using System.Net;

namespace Vprox.Lab.Cloud.State.Commands;

/// <summary>
/// Puts an Elastic IP on a private address; its earlier association and the private address's earlier Elastic IP end. Doing it again
/// changes nothing. Answers the association id.
/// </summary>
public sealed record AssociateAddress : IEc2Command<string>
{
    public string? AllocationId { get; init; }

    public string? NetworkInterfaceId { get; init; }

    public string? InstanceId { get; init; }

    /// <summary>Null means the ENI's primary address.</summary>
    public IPAddress? PrivateIpAddress { get; init; }

    /// <summary>Null allows it, as EC2 does in a VPC.</summary>
    public bool? AllowReassociation { get; init; }

    public Change<string> ApplyTo(Ec2State state, DateTimeOffset now)
    {
        if (AllocationId is null)
            return Ec2Error.MissingParameter("AllocationId");
        if (!state.ElasticIps.TryGetValue(AllocationId, out var ip))
            return Ec2Error.AllocationNotFound(AllocationId);
        var eni = FindNetworkInterface(state, out var error);
        if (eni is null)
            return error!;
        var target = PrivateIpAddress ?? eni.PrimaryAddress;
        if (!eni.Has(target))
            return Ec2Error.InvalidParameterValue($"You must specify an IP address of the network interface {eni.Id}: {target} is not.");
        if (target.Equals(ip.Association?.PrivateAddress))
            return Change.Done<string>(state, ip.Association.Id);

        var before = state.ElasticIpOn(target);
        if (AllowReassociation == false && ip.Association is { } taken)
            return new Ec2Error("Resource.AlreadyAssociated", $"resource {AllocationId} is already associated with associate-id {taken.Id}");
        if (AllowReassociation == false && before is not null)
            return new Ec2Error("Resource.AlreadyAssociated", $"resource {target} is already associated with address {before.PublicAddress}");

        (state, var id) = state.WithoutElasticIpOn(target).NextId("eipassoc");
        return Change.Done<string>(state.With(ip with { Association = new(id, eni.Id, target) }), id);
    }

    private NetworkInterface? FindNetworkInterface(Ec2State state, out Ec2Error? error)
    {
        error = null;
        if (NetworkInterfaceId is not null)
        {
            var named = state.NetworkInterfaces.GetValueOrDefault(NetworkInterfaceId);
            error = named is null ? Ec2Error.NetworkInterfaceNotFound(NetworkInterfaceId) : null;
            return named;
        }
        if (InstanceId is null)
        {
            error = Ec2Error.MissingParameter("networkInterfaceId");
            return null;
        }
        var all = state.NetworkInterfacesOf(InstanceId).ToList();
        error = all.Count switch
        {
            0 => Ec2Error.InstanceNotFound(InstanceId),
            1 => null,
            _ => new Ec2Error("InvalidInstanceID",
                $"There are multiple interfaces attached to instance '{InstanceId}'. Please specify an interface ID for the operation instead."),
        };
        return all.Count == 1 ? all[0] : null;
    }
}
