using System.Collections.Immutable;
using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Tests.Core;

/// <summary>EC2 in a few lines: who holds which private address, and which Elastic IP is on it. Subnet s has ENIs "s/n" and addresses "s.k".</summary>
internal sealed class Ec2Model
{
    private readonly Dictionary<string, string> holder = [];
    private readonly Dictionary<string, string> elastic = [];

    /// <summary>A random state: private addresses on ENIs of their subnet, Elastic IPs on some of them.</summary>
    public Ec2Model(IEnumerable<(string Address, string Eni)> held, IEnumerable<(string Allocation, string Address)> associated)
    {
        foreach (var (address, eni) in held) holder[address] = eni;
        foreach (var (allocation, address) in associated.Where(pair => holder.ContainsKey(pair.Address)))
            if (!elastic.ContainsValue(address)) elastic[allocation] = address;
    }

    /// <summary>Carries a step out, or says why EC2 would not.</summary>
    public string? Apply(MoveStep step)
    {
        switch (step)
        {
            case MoveStep.Assign assign:
                if (assign.PrivateAddresses.Any(address => Subnet(address) != Subnet(assign.NetworkInterfaceId))) return "not in the subnet";
                foreach (var address in assign.PrivateAddresses) holder[address] = assign.NetworkInterfaceId;
                return null;
            case MoveStep.Associate associate:
                if (holder.GetValueOrDefault(associate.PrivateAddress) != associate.NetworkInterfaceId) return "not an address of the interface";
                foreach (var (other, address) in elastic.ToList())
                    if (address == associate.PrivateAddress) elastic.Remove(other);
                elastic[associate.AllocationId] = associate.PrivateAddress;
                return null;
            case MoveStep.Disassociate disassociate:
                elastic.Remove(disassociate.AllocationId);
                return null;
            case MoveStep.Unassign unassign:
                if (unassign.PrivateAddresses.Any(address => holder.GetValueOrDefault(address) != unassign.NetworkInterfaceId)) return "not assigned";
                foreach (var address in unassign.PrivateAddresses)
                {
                    holder.Remove(address);
                    foreach (var (allocation, on) in elastic.ToList())
                        if (on == address) elastic.Remove(allocation);
                }
                return null;
            default:
                return "unknown";
        }
    }

    public ObservedEc2 Describe() => new(
        holder.GroupBy(pair => pair.Value).ToImmutableSortedDictionary(
            group => group.Key, group => group.Select(pair => pair.Key).ToImmutableSortedSet(StringComparer.Ordinal), StringComparer.Ordinal),
        elastic.ToImmutableSortedDictionary(
            pair => pair.Key, pair => (ObservedAssociation?)new ObservedAssociation($"eipassoc-{pair.Key}", holder[pair.Value], pair.Value), StringComparer.Ordinal));

    private static char Subnet(string name) => name[0];
}
