using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Vprox.Lab.Topology;
using Vprox.Lab.Topology.Gateway;

namespace Vprox.Lab.Probes;

/// <summary>
/// Packets that nodes sent from addresses EC2 did not have on that ENI at that moment. EC2's source check dropped them all; an address that
/// has just moved away may appear for as long as the node does not know.
/// </summary>
public sealed class SourceCheck(VproxLab lab)
{
    /// <summary>All since the lab started or <see cref="Reset"/>.</summary>
    public IReadOnlyList<WrongSource> Read()
    {
        var nodes = lab.Nodes.SelectMany(node => node.Plan.NetworkInterfaces.Select(eni => (Link: GatewayLink.Of(eni.Id), node)))
            .ToDictionary(entry => entry.Link, entry => entry.node, StringComparer.Ordinal);
        var set = lab.Gateway.Nft.Json($"list set ip {VpcRuleset.Table} {VpcRuleset.WrongSources}").Select(element => element["set"]).OfType<JsonObject>().Single();
        return [.. (set["elem"]?.AsArray() ?? []).Select(element => element!["elem"]!).Select(element => new WrongSource(
            nodes[element["val"]!["concat"]![0]!.GetValue<string>()],
            IPAddress.Parse(element["val"]!["concat"]![1]!.GetValue<string>()),
            long.Parse(element["counter"]!["packets"]!.ToString(), CultureInfo.InvariantCulture)))];
    }

    /// <summary>Begins again at zero.</summary>
    public void Reset() => lab.Gateway.Nft.Run($"flush set ip {VpcRuleset.Table} {VpcRuleset.WrongSources}");
}

/// <summary>Packets of a node with a source that was not its own.</summary>
public sealed record WrongSource(LabNode Node, IPAddress Source, long Packets);
