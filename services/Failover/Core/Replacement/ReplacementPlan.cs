using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Vprox.Failover.Core.Replacement;

/// <summary>Which nodes are gone for good and have nobody in their place yet.</summary>
public static class ReplacementPlan
{
    /// <param name="nodes">The fleet.</param>
    /// <param name="replaceAfter">How long a node is dead before it counts as gone, unless EC2 says so earlier.</param>
    public static IReadOnlyList<Replacement> Plan(IEnumerable<FleetNode> nodes, TimeSpan replaceAfter) =>
    [
        .. nodes.Where(node => !node.IsReplaced)
            .Select(node => (Node: node, Evidence: WhyGone(node, replaceAfter)))
            .Where(lost => lost.Evidence is not null)
            .OrderBy(lost => lost.Node.NodeId, StringComparer.Ordinal)
            .Select(lost => new Replacement(lost.Node.NodeId, lost.Node.SubnetId, TokenFor(lost.Node), lost.Evidence!)),
    ];

    private static string? WhyGone(FleetNode node, TimeSpan replaceAfter) => node switch
    {
        // EC2 forgets a terminated instance after an hour or so: books may name nodes that were gone long before.
        { State: null } => null,
        { State: "shutting-down" or "terminated" } => $"EC2 says that instance {node.InstanceId} is {node.State}",
        { Standing: { Dead: true, ByOperator: false } standing } when standing.DeadFor >= replaceAfter =>
            string.Create(CultureInfo.InvariantCulture, $"unhealthy for {standing.DeadFor.TotalSeconds:0} s, EC2 says that instance {node.InstanceId} is {node.State}"),
        _ => null,
    };

    // At most 64 ASCII characters (EC2 API reference, RunInstances, ClientToken).
    private static string TokenFor(FleetNode node) =>
        $"vprox-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{node.NodeId} {node.InstanceId}")).AsSpan(0, 16))}";
}
