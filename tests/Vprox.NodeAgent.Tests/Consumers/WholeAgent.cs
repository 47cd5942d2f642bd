using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Vprox.Bus.Hosting;
using Vprox.Contracts;
using Vprox.Identity;
using Vprox.Lab.Broker;
using Vprox.NodeAgent.Adapters.Links;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Https;
using Vprox.NodeAgent.Tests.Given;
using Vprox.NodeAgent.Tests.Imds;
using Vprox.Sysctl;

namespace Vprox.NodeAgent.Tests.Consumers;

/// <summary>A node agent as Program.cs puts it together, with a real bus and a scripted IMDS; only the kernel is in memory.</summary>
internal sealed class WholeAgent : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WholeAgent(WebApplication app) => _app = app;

    public RecordingDataPlane Kernel => (RecordingDataPlane)_app.Services.GetRequiredService<INodeDataPlane>();

    public NodeState State => _app.Services.GetRequiredService<NodeState>();

    public static async Task<WholeAgent> StartAsync(string bus, Uri metadata, string directory, string? nodeId = null, string poll = "00:00:00.1")
    {
        string[] args =
        [
            "--Bus:Uri", bus, "--NodeAgent:MetadataUrl", metadata.ToString(), "--NodeAgent:StateDirectory", directory,
            "--NodeAgent:HttpsPort", $"{FreePort.Of(IPAddress.Loopback)}", "--NodeAgent:MetadataPollInterval", poll, "--NodeAgent:SnapshotInterval", "00:00:01",
            .. nodeId is null ? (string[])[] : ["--NodeAgent:NodeId", nodeId],
        ];
        var app = await VproxHost.BuildAsync("node-agent", args, async host =>
        {
            await host.AddNodeAgentAsync(host.AddValidatedOptions<NodeAgentOptions>("NodeAgent"));
            host.Services.AddSingleton<INodeDataPlane>(new RecordingDataPlane());
            // This machine's own kernel is none of a test's.
            host.Services.AddSingleton(new KeptSettings([]));
            host.Services.AddSingleton<ILinkNames>(new KnownLinks((ScriptedImds.Mac, "ens5")));
        }, app => app.MapHttpsEndpoints());
        await app.StartAsync();
        return new WholeAgent(app);
    }

    /// <summary>StaticIpPlaced for a node that has joined.</summary>
    public static StaticIpPlaced Placed(NodeJoined joined, int slot, long generation)
    {
        Assert.True(SealingPublicKey.TryParse(joined.SealingPublicKey, out var key));
        return Some.Message(slot, generation, joined.NodeId) with
        {
            SealedIdentity = SealedIdentity.Seal(Some.Identity, key, Some.PublicAddress(slot), joined.NodeId),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
