using Vprox.Lab.Cloud.Admin;

namespace Vprox.Lab.Topology;

public sealed partial class VproxLab
{
    private InstanceWatch? _instances;

    private async Task WatchInstancesAsync(CancellationToken cancel)
    {
        var list = await Cloud.InstancesAfterAsync("", cancel);
        _instances = new InstanceWatch(Cloud, list.Fingerprint, FollowAsync);
    }

    private async Task FollowAsync(IReadOnlyList<InstanceView> instances)
    {
        foreach (var instance in instances)
        {
            var node = Nodes.FirstOrDefault(node => node.InstanceId == instance.InstanceId);
            switch (instance.State)
            {
                case "running" when node is null:
                    Boot(instance);
                    break;
                case "running" when node.IsOff:
                    node.IsOff = false;
                    node.Revive();
                    break;
                case "stopped" or "terminated" when node is { IsOff: false }:
                    node.IsOff = true;
                    await node.KillAsync();
                    break;
                default:
                    // On its way, or followed already.
                    break;
            }
        }
    }

    /// <summary>A host for an instance that RunInstances made, with everything its image has: the node agent starts by itself.</summary>
    private void Boot(InstanceView instance)
    {
        var node = Add(new LabNode(Name, Nodes.Count + 1, Directory, PlannedNode.Of(instance)));
        node.Connect(Gateway);
        if (_options.Services)
            node.Start(ServiceSpecs.ForNodeAgent(node, _options));
        Nodes = [.. Nodes, node];
    }
}
