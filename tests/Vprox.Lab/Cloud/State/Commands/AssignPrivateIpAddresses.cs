using System.Net;

namespace Vprox.Lab.Cloud.State.Commands;

/// <summary>
/// Adds secondary private addresses to an ENI. With AllowReassignment an address of another ENI of the subnet moves here together with its
/// Elastic IP. All of the list or nothing.
/// </summary>
public sealed record AssignPrivateIpAddresses : IEc2Command<IReadOnlyList<IPAddress>>
{
    public required string NetworkInterfaceId { get; init; }

    public IReadOnlyList<IPAddress> PrivateIpAddresses { get; init; } = [];

    /// <summary>Number of addresses EC2 shall choose; instead of a list.</summary>
    public int? SecondaryPrivateIpAddressCount { get; init; }

    public bool AllowReassignment { get; init; }

    public Change<IReadOnlyList<IPAddress>> ApplyTo(Ec2State state, DateTimeOffset now)
    {
        if (!state.NetworkInterfaces.TryGetValue(NetworkInterfaceId, out var eni))
            return Ec2Error.NetworkInterfaceNotFound(NetworkInterfaceId);
        var subnet = state.Subnets[eni.SubnetId];
        var chosen = Choose(state, eni, subnet, out var error);
        if (error is not null)
            return error;

        var added = chosen.Where(address => !eni.Has(address)).ToList();
        if (1 + eni.SecondaryAddresses.Count + added.Count > state.AddressesPerNetworkInterface)
            return new Ec2Error("PrivateIpAddressLimitExceeded", "Number of private addresses will exceed limit.");
        foreach (var address in added)
            state = Move(state, address);
        return Change.Done<IReadOnlyList<IPAddress>>(state, chosen);
    }

    private IReadOnlyList<IPAddress> Choose(Ec2State state, NetworkInterface eni, Subnet subnet, out Ec2Error? error)
    {
        error = null;
        switch (PrivateIpAddresses.Count, SecondaryPrivateIpAddressCount)
        {
            case (0, null):
                error = Ec2Error.MissingParameter("privateIpAddress");
                return [];
            case ( > 0, not null):
                error = new Ec2Error("InvalidParameterCombination",
                    "The parameters secondaryPrivateIpAddressCount and privateIpAddress cannot be used together");
                return [];
            case (0, { } count) when count < 1:
                error = Ec2Error.InvalidParameterValue($"Value ({count}) for parameter secondaryPrivateIpAddressCount is invalid.");
                return [];
            case (0, { } count):
                var free = state.FreeAddresses(subnet).Take(count).ToList();
                if (free.Count < count)
                    error = new Ec2Error("InsufficientFreeAddressesInSubnet", $"The subnet '{subnet.Id}' has not enough free addresses.");
                return free;
            default:
                error = WhyNot(state, eni, subnet);
                return PrivateIpAddresses;
        }
    }

    private Ec2Error? WhyNot(Ec2State state, NetworkInterface eni, Subnet subnet)
    {
        if (PrivateIpAddresses.Distinct().Count() != PrivateIpAddresses.Count)
            return Ec2Error.InvalidParameterValue("Duplicate private addresses are not allowed.");
        foreach (var address in PrivateIpAddresses)
        {
            if (!subnet.Prefix.Contains(address))
                return Ec2Error.InvalidParameterValue($"Address {address} does not fall within the subnet's address range");
            if (subnet.IsReserved(address))
                return Ec2Error.InvalidParameterValue($"Address {address} is in subnet's reserved address range");
        }

        // A primary address never moves, whatever the caller allows.
        var stuck = PrivateIpAddresses.Where(address => state.HolderOf(address) is { } holder
            && (holder.PrimaryAddress.Equals(address) || !AllowReassignment)).ToList();
        return stuck.Count > 0
            ? Ec2Error.InvalidParameterValue($"[{string.Join(", ", stuck)}] assigned, but move is not allowed.")
            : null;
    }

    private Ec2State Move(Ec2State state, IPAddress address)
    {
        if (state.HolderOf(address) is { } holder)
            state = state.With(holder with { SecondaryAddresses = holder.SecondaryAddresses.Remove(address) });
        var eni = state.NetworkInterfaces[NetworkInterfaceId];
        state = state.With(eni with { SecondaryAddresses = eni.SecondaryAddresses.Add(address) });
        return state.ElasticIpOn(address) is { Association: { } association } ip
            ? state.With(ip with { Association = association with { NetworkInterfaceId = NetworkInterfaceId } })
            : state;
    }
}
