using System.Net;

namespace Vprox.Lab.Cloud.State.Commands;

/// <summary>Takes secondary private addresses off an ENI; their Elastic IPs are disassociated. All of the list or nothing.</summary>
public sealed record UnassignPrivateIpAddresses : IEc2Command<bool>
{
    public required string NetworkInterfaceId { get; init; }

    public required IReadOnlyList<IPAddress> PrivateIpAddresses { get; init; }

    public Change<bool> ApplyTo(Ec2State state, DateTimeOffset now)
    {
        if (!state.NetworkInterfaces.TryGetValue(NetworkInterfaceId, out var eni))
            return Ec2Error.NetworkInterfaceNotFound(NetworkInterfaceId);
        if (PrivateIpAddresses.Count == 0)
            return Ec2Error.MissingParameter("privateIpAddress");
        if (PrivateIpAddresses.Any(address => !eni.SecondaryAddresses.Contains(address)))
            return Ec2Error.InvalidParameterValue(
                $"Some of [{string.Join(", ", PrivateIpAddresses)}] are not assigned to interface {NetworkInterfaceId}");

        state = state.With(eni with { SecondaryAddresses = eni.SecondaryAddresses.RemoveRange(PrivateIpAddresses) });
        foreach (var address in PrivateIpAddresses)
            state = state.WithoutElasticIpOn(address);
        return Change.Done<bool>(state, true);
    }
}
