using System.Security.Cryptography;
using Vprox.Contracts;

namespace Vprox.WorkerAgent.Tests.Live;

/// <summary>A network with a node, an agent and the rest of Vprox, ready to start containers.</summary>
public sealed class Stage : IAsyncDisposable
{
    private readonly BrokerDoor _door;

    private Stage(WorkerNetwork network, StaticNode node, BrokerDoor door, Control control, AgentProcess agent, string workerId) =>
        (Network, Node, _door, Control, Agent, WorkerId) = (network, node, door, control, agent, workerId);

    public WorkerNetwork Network { get; }

    public StaticNode Node { get; }

    public Control Control { get; }

    public AgentProcess Agent { get; }

    public string WorkerId { get; }

    public static async Task<Stage> SetAsync(BrokerFixture broker, Dictionary<string, string>? settings = null, Func<RequestGrant, StaticNode, object>? grant = null)
    {
        var workerId = "w" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        var network = new WorkerNetwork();
        var node = await StaticNode.StartAsync(network.Node);
        var door = new BrokerDoor(network.Worker, broker.Uri);
        var control = await Control.StartAsync(broker.Uri, workerId, request => grant is null ? node.GrantFor(request) : grant(request, node));
        var agent = new AgentProcess(network.Worker, door.Uri, workerId, settings);
        return new Stage(network, node, door, control, agent, workerId);
    }

    public Task StartAsync(int container, string? id = null, string proxyId = "p1", string? workspaceId = null) =>
        Control.StartAsync(WorkerId, id ?? $"c{container}", WorkerNetwork.AddressOf(container), proxyId, workspaceId);

    public Task StopAsync(int container) => Control.StopAsync(WorkerId, $"c{container}");

    /// <summary>Starts a container and waits until it is routed.</summary>
    public async Task RouteAsync(int container)
    {
        await StartAsync(container);
        await WorkerNetwork.UntilAsync($"c{container} is routed", () => Control.Routed.Any(routed => routed.ContainerId == $"c{container}"));
    }

    public int Rules => WorkerNetwork.Ip(Network.Worker, "rule show").Split('\n').Count(line => line.Contains("from 10.88.", StringComparison.Ordinal));

    public int Tunnels => WorkerNetwork.Ip(Network.Worker, "-o link show up").Split('\n').Count(line => line.Contains(": vw", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await Control.DisposeAsync();
        Agent.Dispose();
        // Shown with a failure.
        TestContext.Current.TestOutputHelper?.WriteLine(Agent.Log);
        _door.Dispose();
        await Node.DisposeAsync();
        Network.Dispose();
    }
}
