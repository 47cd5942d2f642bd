using Vprox.Contracts;
using Vprox.Failover.Tests.Adapters;

namespace Vprox.Failover.Tests.Service;

/// <summary>A Failover that watches the three nodes of <see cref="Fleets.Small"/>, each with heartbeats and something that answers probes.</summary>
public sealed class WatchedNodes : IAsyncDisposable
{
    private static readonly string[] Ids = [FailoverFixture.Node1, FailoverFixture.Node2, FailoverFixture.FarNode];

    private readonly Dictionary<string, StubNode> stubs = Ids.ToDictionary(id => id, _ => new StubNode().Answer());
    private readonly Dictionary<string, Beating> beats = [];

    private WatchedNodes(FailoverFixture lab) => Lab = lab;

    public FailoverFixture Lab { get; }

    public static async Task<WatchedNodes> StartAsync(BrokerFixture broker, params string[] settings)
    {
        var nodes = await StartNodesAsync(broker, settings);
        await nodes.Lab.StartFailoverAsync();
        return nodes;
    }

    /// <summary>Everything but Failover.</summary>
    public static async Task<WatchedNodes> StartNodesAsync(BrokerFixture broker, params string[] settings)
    {
        var lab = await FailoverFixture.StartOthersAsync(broker, null, null, settings);
        var nodes = new WatchedNodes(lab);
        lab.Journal.Nodes = [.. lab.Journal.Nodes.Select(node => node with { ProbeUrl = nodes.stubs[node.NodeId].ProbeUrl })];
        foreach (var id in Ids) nodes.Beat(id);
        return nodes;
    }

    public StubNode Stub(string node) => stubs[node];

    public Beating Beat(string node) => beats[node] = new Beating(Lab.Publisher, node);

    public async Task SilenceAsync(string node)
    {
        await beats[node].DisposeAsync();
        beats.Remove(node);
    }

    /// <summary>A host whose links are all down.</summary>
    public async Task KillAsync(string node)
    {
        stubs[node].Vanish();
        await SilenceAsync(node);
    }

    /// <summary>Its heartbeats are quiet again and it answers.</summary>
    public void Revive(string node)
    {
        stubs[node].Answer();
        Beat(node);
    }

    public Beating Heartbeats(string node) => beats[node];

    public int Count<T>(Func<T, bool> which) where T : class => Lab.Journal.Heard.OfType<T>().Count(which);

    public async ValueTask DisposeAsync()
    {
        await Lab.StopFailoverAsync();
        foreach (var beating in beats.Values) await beating.DisposeAsync();
        foreach (var stub in stubs.Values) stub.Dispose();
        await Lab.DisposeAsync();
    }
}
