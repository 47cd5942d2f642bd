using Vprox.Lab.Cloud.State;

namespace Vprox.Lab.Cloud.Moves;

/// <summary>One address that went from one place to another, and when.</summary>
/// <param name="PrivateAddress">The private address it has now; the one it had when it has none now.</param>
/// <param name="PublicAddress">Its Elastic IP; null for a private address that has none.</param>
/// <param name="From">Null when it was nowhere.</param>
/// <param name="To">Null when it is nowhere now.</param>
/// <param name="Action">The call that moved it; "" when it was not by a call.</param>
/// <param name="Called">When the call arrived.</param>
/// <param name="Decided">When EC2 had done it: Describe* shows it from now on.</param>
/// <param name="Effective">When the data path followed; null before that, and where there is no data path.</param>
public sealed record AddressMove(
    string PrivateAddress, string? PublicAddress, AddressPlace? From, AddressPlace? To, string Action, Moment Called, Moment Decided, Moment? Effective);

/// <summary>Where an address is.</summary>
public sealed record AddressPlace(string InstanceId, string NetworkInterfaceId, string PrivateAddress)
{
    internal static AddressPlace? Of(Ec2State state, ElasticIp? ip) =>
        ip?.Association is { } association && state.NetworkInterfaces.TryGetValue(association.NetworkInterfaceId, out var eni)
            ? new(eni.InstanceId, eni.Id, association.PrivateAddress.ToString())
            : null;
}
