using Vprox.NodeAgent.Core.DataPlane.Changes;
using Vprox.NodeAgent.Core.DataPlane.Ruleset;

namespace Vprox.NodeAgent.Core.DataPlane;

/// <summary>
/// What is left to do when prepared addresses arrive: open the way out, put the address on its ENI, lead its table there. Every step may be
/// repeated, so nothing needs to be read first.
/// </summary>
public static class ArrivalPlan
{
    /// <summary>Makes the plan for all addresses of the node that are here; empty when none is.</summary>
    public static IReadOnlyList<KernelChange> For(DesiredNode arrived)
    {
        var interfaces = arrived.NetworkInterfaces.ToDictionary(eni => eni.LinkName);
        var here = arrived.Addresses.Where(address => address.LinkName is not null && interfaces.ContainsKey(address.LinkName)).ToList();
        return here.Count == 0 ? [] :
        [
            new ChangeRuleset(new NftTransaction { AddedElements = [NodeRuleset.Egress(here)] }),
            .. here.Select(DesiredKernel.OnItsEni).OfType<KernelAddress>().Select(address => new PutAddress(address)),
            .. here.SelectMany(address => DesiredKernel.ByItsEni(address, interfaces[address.LinkName!])).Select(route => new PutRoute(route)),
        ];
    }
}
