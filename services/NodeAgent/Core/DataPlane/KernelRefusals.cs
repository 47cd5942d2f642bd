using System.Net;
using Vprox.NodeAgent.Core.DataPlane.Changes;

namespace Vprox.NodeAgent.Core.DataPlane;

/// <summary>What the kernel refused of a plan whose other steps it took.</summary>
/// <param name="Addresses">The static addresses that are not as they shall be, each with its first refusal: they can't be served.</param>
/// <param name="Others">Refusals that keep no address from being served: a setting of a link, the rest of an address that has gone.</param>
public sealed record KernelRefusals(IReadOnlyDictionary<IPAddress, string> Addresses, IReadOnlyList<string> Others)
{
    /// <summary>Nothing was refused.</summary>
    public static KernelRefusals None { get; } = new(new Dictionary<IPAddress, string>(), []);

    /// <summary>A sentence for each, in an order that does not depend on which came first; empty when nothing was refused.</summary>
    public IReadOnlyList<string> Sentences =>
        [.. Addresses.Select(refused => $"{refused.Key}: {refused.Value}").Concat(Others).Order(StringComparer.Ordinal)];

    /// <summary>True for the steps without which no address of the node is as it shall be.</summary>
    public static bool IsNodes(KernelChange step) => step switch
    {
        ChangeRuleset or SetLinkUp => true,
        SetSysctl setting => setting.Link is null,
        PutRule { Rule.Table: var table } => !DesiredKernel.IsOurs(table),
        RemoveRule { Rule.Table: var table } => !DesiredKernel.IsOurs(table),
        _ => false,
    };

    /// <summary>Sorts refusals by the address that they concern.</summary>
    /// <param name="refused">The refusals; none of them is the node's.</param>
    /// <param name="desired">The static addresses that the plan was for.</param>
    public static KernelRefusals Of(IReadOnlyList<KernelRefusal> refused, IReadOnlyList<DesiredAddress> desired)
    {
        if (refused.Count == 0)
            return None;
        // One that leaves and one that comes in its place may name the same.
        var byTunnel = desired.DistinctBy(address => address.ListenPort).ToDictionary(address => TunnelName.Of(address.ListenPort), address => address.Address);
        var byPrivateAddress = desired.DistinctBy(address => address.PrivateAddress).ToDictionary(address => address.PrivateAddress, address => address.Address);
        IPAddress? At(KernelAddress there) => byTunnel.GetValueOrDefault(there.Link) ?? byPrivateAddress.GetValueOrDefault(there.Address);
        IPAddress? Of(uint table) => byTunnel.GetValueOrDefault(TunnelName.Of((int)table));
        IPAddress? Concerned(KernelChange step) => step switch
        {
            { Tunnel: { } tunnel } => byTunnel.GetValueOrDefault(tunnel),
            SetInterfaceUp up => byTunnel.GetValueOrDefault(up.Name),
            SetSysctl { Link: { } link } => byTunnel.GetValueOrDefault(link),
            PutAddress put => At(put.Address),
            RemoveAddress removed => At(removed.Address),
            PutRoute put => Of(put.Route.Table),
            RemoveRoute removed => Of(removed.Route.Table),
            PutRule put => Of(put.Rule.Table),
            RemoveRule removed => Of(removed.Rule.Table),
            _ => null,
        };
        var (addresses, others) = (new Dictionary<IPAddress, string>(), new List<string>());
        foreach (var (step, reason) in refused)
        {
            if (Concerned(step) is not { } address)
                others.Add(reason);
            // Where /proc/sys is read-only, as in many containers, what the link was made with has to do.
            else if (step is SetSysctl)
                others.Add($"{address}: {reason}");
            else
                addresses.TryAdd(address, reason);
        }
        return new KernelRefusals(addresses, others);
    }
}
